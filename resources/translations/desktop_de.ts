<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
 <context>
  <name>AboutDialog</name>
  <message>
   <source>About InfiniteTalk</source>
   <translation>Über InfiniteTalk</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Dubs videos on your own computer. Nothing is uploaded. Apache License 2.0. Dub only people who agree to it.</source>
   <translation>Synchronisiert Videos auf dem eigenen Rechner. Nichts wird hochgeladen. Apache-Lizenz 2.0. Nur Menschen synchronisieren, die damit einverstanden sind.</translation>
  </message>
  <message>
   <source>License</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Licenses</source>
   <translation>Lizenzen</translation>
  </message>
  <message>
   <source>Made with</source>
   <translation>Gemacht mit</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Version</source>
   <translation>Version</translation>
  </message>
  <message>
   <source>Version {0}</source>
   <translation>Version {0}</translation>
  </message>
  <message>
   <source>model</source>
   <translation>Modell</translation>
  </message>
 </context>
 <context>
  <name>BackgroundRow</name>
  <message>
   <source> dB</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Background track</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a background track</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Level of the background track</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No background track</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>None</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sound ({0})</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>BoxEditor</name>
  <message>
   <source>Picture with speakers' boxes</source>
   <translation>Bild mit den Rahmen der Sprecher</translation>
  </message>
  <message>
   <source>no box</source>
   <translation>kein Rahmen</translation>
  </message>
 </context>
 <context>
  <name>ChunkInspector</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n Abschnitt</numerusform>
    <numerusform>%n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>Audio guidance</source>
   <translation>Tonführung</translation>
  </message>
  <message>
   <source>Can't be removed: chunk {0} was built on it</source>
   <translation>Kann nicht entfernt werden: Abschnitt {0} baut darauf auf</translation>
  </message>
  <message>
   <source>Chunk {0}</source>
   <translation>Abschnitt {0}</translation>
  </message>
  <message>
   <source>Compare takes</source>
   <translation>Fassungen vergleichen</translation>
  </message>
  <message>
   <source>Negative prompt</source>
   <translation>Negativer Prompt</translation>
  </message>
  <message>
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>Redo chunk…</source>
   <translation>Abschnitt neu machen …</translation>
  </message>
  <message>
   <source>Remove this take</source>
   <translation>Diese Fassung entfernen</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>Startzahl</translation>
  </message>
  <message>
   <source>Select a chunk in the timeline to see it here.</source>
   <translation>Wähle in der Zeitleiste einen Abschnitt, um ihn hier zu sehen.</translation>
  </message>
  <message>
   <source>Settings of this chunk</source>
   <translation>Einstellungen dieses Abschnitts</translation>
  </message>
  <message>
   <source>Show this take</source>
   <translation>Diese Fassung zeigen</translation>
  </message>
  <message>
   <source>Source frame</source>
   <translation>Quellbild</translation>
  </message>
  <message>
   <source>Speech shift</source>
   <translation>Sprachversatz</translation>
  </message>
  <message>
   <source>Take {0}</source>
   <translation>Fassung {0}</translation>
  </message>
  <message>
   <source>Takes</source>
   <translation>Fassungen</translation>
  </message>
  <message>
   <source>Text guidance</source>
   <translation>Textführung</translation>
  </message>
  <message>
   <source>as in project</source>
   <translation>wie im Projekt</translation>
  </message>
  <message>
   <source>own value</source>
   <translation>eigener Wert</translation>
  </message>
  <message>
   <source>seed {0}</source>
   <translation>Startzahl {0}</translation>
  </message>
  <message>
   <source>several values</source>
   <translation>mehrere Werte</translation>
  </message>
  <message>
   <source>take {0} of {1}</source>
   <translation>Fassung {0} von {1}</translation>
  </message>
  <message>
   <source>the chunk's own place</source>
   <translation>die Stelle des Abschnitts</translation>
  </message>
  <message>
   <source>the project's text</source>
   <translation>der Text des Projekts</translation>
  </message>
  <message>
   <source>{0} – {1} · {2} frames</source>
   <translation>{0} – {1} · {2} Bilder</translation>
  </message>
 </context>
 <context>
  <name>ChunkListDialog</name>
  <message>
   <source>Chunks</source>
   <translation>Abschnitte</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
 </context>
 <context>
  <name>ChunkListModel</name>
  <message>
   <source>Chunk {0}</source>
   <translation>Abschnitt {0}</translation>
  </message>
  <message>
   <source>failed</source>
   <translation>fehlgeschlagen</translation>
  </message>
  <message>
   <source>kept</source>
   <translation>behalten</translation>
  </message>
  <message>
   <source>left out</source>
   <translation>ausgelassen</translation>
  </message>
  <message>
   <source>ready</source>
   <translation>fertig</translation>
  </message>
  <message>
   <source>rendering</source>
   <translation>wird berechnet</translation>
  </message>
  <message>
   <source>stale</source>
   <translation>veraltet</translation>
  </message>
  <message>
   <source>step {0} of {1}</source>
   <translation>Schritt {0} von {1}</translation>
  </message>
  <message>
   <source>take {0} of {1}</source>
   <translation>Fassung {0} von {1}</translation>
  </message>
  <message>
   <source>waiting</source>
   <translation>wartet</translation>
  </message>
  <message>
   <source>{0} to {1}</source>
   <translation>{0} bis {1}</translation>
  </message>
 </context>
 <context>
  <name>Controller</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n Abschnitt</numerusform>
    <numerusform>%n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>&amp;Redo {0}</source>
   <translation>&amp;Wiederherstellen: {0}</translation>
  </message>
  <message>
   <source>&amp;Undo {0}</source>
   <translation>&amp;Rückgängig: {0}</translation>
  </message>
  <message>
   <source>Chunk {0} is lost: {1} of work. Finished chunks stay.</source>
   <translation>Abschnitt {0} geht verloren: {1} Arbeit. Fertige Abschnitte bleiben.</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren …</translation>
  </message>
  <message>
   <source>Go to</source>
   <translation>Gehe zu</translation>
  </message>
  <message>
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <source>Stop now?</source>
   <translation>Jetzt anhalten?</translation>
  </message>
  <message>
   <source>This is no time</source>
   <translation>Das ist keine Zeit</translation>
  </message>
  <message>
   <source>Time (1:02.5), frame (1179) or chunk (c21)</source>
   <translation>Zeit (1:02.5), Bild (1179) oder Abschnitt (c21)</translation>
  </message>
  <message>
   <source>{0} is rendered</source>
   <translation>{0} ist berechnet</translation>
  </message>
 </context>
 <context>
  <name>Dialogs</name>
  <message>
   <source>Take {0}</source>
   <translation>Fassung {0}</translation>
  </message>
  <message>
   <source>Takes</source>
   <translation>Fassungen</translation>
  </message>
 </context>
 <context>
  <name>DownloadSheet</name>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n Datei</numerusform>
    <numerusform>%n Dateien</numerusform>
   </translation>
  </message>
  <message>
   <source>Asking the server</source>
   <translation>Der Server wird gefragt</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>Prüfen</translation>
  </message>
  <message>
   <source>Conversion</source>
   <translation>Umwandlung</translation>
  </message>
  <message>
   <source>Each file is checked against its published SHA-256 before it is used.</source>
   <translation>Jede Datei wird vor Gebrauch gegen ihre veröffentlichte SHA-256 geprüft.</translation>
  </message>
  <message>
   <source>Files</source>
   <translation>Dateien</translation>
  </message>
  <message>
   <source>Import instead…</source>
   <translation>Lieber importieren …</translation>
  </message>
  <message>
   <source>Into</source>
   <translation>Nach</translation>
  </message>
  <message>
   <source>Licenses</source>
   <translation>Lizenzen</translation>
  </message>
  <message>
   <source>Load</source>
   <translation>Laden</translation>
  </message>
  <message>
   <source>Load models</source>
   <translation>Modelle laden</translation>
  </message>
  <message>
   <source>Load {0}</source>
   <translation>{0} laden</translation>
  </message>
  <message>
   <source>Nothing to load</source>
   <translation>Nichts zu laden</translation>
  </message>
  <message>
   <source>Other address…</source>
   <translation>Andere Adresse …</translation>
  </message>
  <message>
   <source>Read</source>
   <translation>Lesen</translation>
  </message>
  <message>
   <source>Read the license of {0}</source>
   <translation>Die Lizenz von {0} lesen</translation>
  </message>
  <message>
   <source>Space</source>
   <translation>Platz</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>To load</source>
   <translation>Zu laden</translation>
  </message>
  <message>
   <source>Too little space: {0} are needed with the conversion. Free some, or choose a folder on another disk.</source>
   <translation>Zu wenig Platz: mit der Umwandlung werden {0} gebraucht. Schaffe Platz oder wähle einen Ordner auf einem anderen Laufwerk.</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal</translation>
  </message>
  <message>
   <source>about {0} at {1} MB/s, as last measured</source>
   <translation>etwa {0} bei {1} MB/s, wie zuletzt gemessen</translation>
  </message>
  <message>
   <source>not known before the first bytes</source>
   <translation>erst nach den ersten Bytes bekannt</translation>
  </message>
  <message>
   <source>see its page</source>
   <translation>siehe ihre Seite</translation>
  </message>
  <message>
   <source>{0} beside it</source>
   <translation>{0} daneben</translation>
  </message>
  <message>
   <source>{0} free, {1} after loading and conversion</source>
   <translation>{0} frei, {1} nach Laden und Umwandlung</translation>
  </message>
  <message>
   <source>{0} is asked for sizes, digests and licenses…</source>
   <translation>{0} wird nach Größen, Prüfsummen und Lizenzen gefragt …</translation>
  </message>
  <message>
   <source>{0} to load</source>
   <translation>{0} zu laden</translation>
  </message>
 </context>
 <context>
  <name>ExportDialog</name>
  <message numerus="yes">
   <source>%n chunks are not rendered yet.</source>
   <translation type="unfinished">
    <numerusform />
    <numerusform />
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chunks are stale: their old takes are used.</source>
   <translation>
    <numerusform>%n Abschnitt ist veraltet: seine alte Fassung wird verwendet.</numerusform>
    <numerusform>%n Abschnitte sind veraltet: ihre alten Fassungen werden verwendet.</numerusform>
   </translation>
  </message>
  <message>
   <source>Background track</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Choose a folder for the file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Chunks that are missing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Everything</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Export</source>
   <translation>Exportieren</translation>
  </message>
  <message>
   <source>Export to</source>
   <translation>Exportieren nach</translation>
  </message>
  <message>
   <source>Export {0}</source>
   <translation>{0} exportieren</translation>
  </message>
  <message>
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>Fill with the source</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Folder</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Format</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Good</source>
   <translation>Gut</translation>
  </message>
  <message>
   <source>H.264, plays everywhere</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>H.265, smaller</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>In to out</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Name a file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing of this part is rendered yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Part</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pictures (PNG)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Quality</source>
   <translation>Qualität</translation>
  </message>
  <message>
   <source>Size</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Small</source>
   <translation>Klein</translation>
  </message>
  <message>
   <source>Sound</source>
   <translation>Ton</translation>
  </message>
  <message>
   <source>Sound (WAV)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sound ({0})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The speech as given, at its own rate and level</source>
   <translation>Die Sprache wie gegeben, mit eigener Rate und Lautstärke</translation>
  </message>
  <message>
   <source>This folder does not exist</source>
   <translation>Diesen Ordner gibt es nicht</translation>
  </message>
  <message>
   <source>Up to {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Video</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Video ({0})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Visually lossless</source>
   <translation>Sichtbar verlustfrei</translation>
  </message>
  <message>
   <source>Wait until all are ready, then export</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What to export</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>about {0}</source>
   <translation>etwa {0}</translation>
  </message>
  <message>
   <source>video</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is written.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>FileCommands</name>
  <message>
   <source>Choose a job folder</source>
   <translation>Auftragsordner wählen</translation>
  </message>
  <message>
   <source>Choose another folder.</source>
   <translation>Wähle einen anderen Ordner.</translation>
  </message>
  <message>
   <source>Choose picture or video</source>
   <translation>Bild oder Video wählen</translation>
  </message>
  <message>
   <source>Choose speech</source>
   <translation>Sprache wählen</translation>
  </message>
  <message>
   <source>Frame saved</source>
   <translation>Bild gespeichert</translation>
  </message>
  <message>
   <source>Open project</source>
   <translation>Projekt öffnen</translation>
  </message>
  <message>
   <source>Pictures (*.png *.jpg)</source>
   <translation>Bilder (*.png *.jpg)</translation>
  </message>
  <message>
   <source>Pictures and videos ({0});;All files (*)</source>
   <translation>Bilder und Videos ({0});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Projects (*.italk)</source>
   <translation>Projekte (*.italk)</translation>
  </message>
  <message>
   <source>Projects (*.italk);;Requests of the command line (*.json);;All files (*)</source>
   <translation>Projekte (*.italk);;Aufträge der Kommandozeile (*.json);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Save frame</source>
   <translation>Bild speichern</translation>
  </message>
  <message>
   <source>Save project</source>
   <translation>Projekt speichern</translation>
  </message>
  <message>
   <source>Sound ({0});;All files (*)</source>
   <translation>Ton ({0});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>The frame could not be written</source>
   <translation>Das Bild konnte nicht geschrieben werden</translation>
  </message>
 </context>
 <context>
  <name>FirstStep</name>
  <message>
   <source>Export it: the button at the top right.</source>
   <translation>Exportieren: der Knopf rechts oben.</translation>
  </message>
  <message>
   <source>Get the big model: step 2 of this page loads it.</source>
   <translation>Das große Modell holen: Schritt 2 dieser Seite lädt es.</translation>
  </message>
  <message>
   <source>Select a chunk in the timeline and press R: another take.</source>
   <translation>In der Zeitleiste einen Abschnitt wählen und R drücken: eine andere Fassung.</translation>
  </message>
  <message>
   <source>Then</source>
   <translation>Danach</translation>
  </message>
  <message>
   <source>Try the miniature model</source>
   <translation>Miniaturmodell ausprobieren</translation>
  </message>
 </context>
 <context>
  <name>FoundModels</name>
  <message numerus="yes">
   <source>%n speakers</source>
   <translation>
    <numerusform>%n Sprecher</numerusform>
    <numerusform>%n Sprecher</numerusform>
   </translation>
  </message>
  <message>
   <source>Models on this machine</source>
   <translation>Modelle auf diesem Rechner</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>Show the folder {0}</source>
   <translation>Den Ordner {0} zeigen</translation>
  </message>
  <message>
   <source>Use in this project</source>
   <translation>In diesem Projekt verwenden</translation>
  </message>
  <message>
   <source>Use {0} in this project</source>
   <translation>{0} in diesem Projekt verwenden</translation>
  </message>
  <message>
   <source>Used in this project</source>
   <translation>In diesem Projekt verwendet</translation>
  </message>
  <message>
   <source>bundled, small pictures, for trying the program</source>
   <translation>mitgeliefert, kleine Bilder, zum Ausprobieren</translation>
  </message>
  <message>
   <source>{0}, {1}</source>
   <translation>{0}, {1}</translation>
  </message>
 </context>
 <context>
  <name>ImportSheet</name>
  <message numerus="yes">
   <source>%n files chosen, {0}</source>
   <translation>
    <numerusform>%n Datei gewählt, {0}</numerusform>
    <numerusform>%n Dateien gewählt, {0}</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n model files of other networks are left alone.</source>
   <translation>
    <numerusform>%n Modelldatei anderer Netze bleibt unberührt.</numerusform>
    <numerusform>%n Modelldateien anderer Netze bleiben unberührt.</numerusform>
   </translation>
  </message>
  <message>
   <source>Choose a folder…</source>
   <translation>Ordner wählen …</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Copy into the models folder</source>
   <translation>In den Modellordner kopieren</translation>
  </message>
  <message>
   <source>Copying, {0} %</source>
   <translation>Kopieren, {0} %</translation>
  </message>
  <message>
   <source>Files of ComfyUI, WanGP and the Hugging Face cache are recognized by their content. They are used where they are; nothing is moved, changed or deleted.</source>
   <translation>Dateien von ComfyUI, WanGP und dem Hugging-Face-Cache werden an ihrem Inhalt erkannt. Sie werden verwendet, wo sie liegen; nichts wird verschoben, geändert oder gelöscht.</translation>
  </message>
  <message>
   <source>Import from a folder</source>
   <translation>Aus einem Ordner importieren</translation>
  </message>
  <message>
   <source>Looking at the files…</source>
   <translation>Die Dateien werden angesehen …</translation>
  </message>
  <message>
   <source>Looking through folders…</source>
   <translation>Ordner werden durchgesehen …</translation>
  </message>
  <message>
   <source>No other program has left models in the usual places.</source>
   <translation>Kein anderes Programm hat Modelle an den üblichen Orten.</translation>
  </message>
  <message>
   <source>Nothing of use was found here.</source>
   <translation>Hier wurde nichts Brauchbares gefunden.</translation>
  </message>
  <message>
   <source>Progress of the import</source>
   <translation>Fortschritt des Imports</translation>
  </message>
  <message>
   <source>Read every byte first (SHA-256)</source>
   <translation>Erst jedes Byte lesen (SHA-256)</translation>
  </message>
  <message>
   <source>Reading, {0} %</source>
   <translation>Lesen, {0} %</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>Verwenden</translation>
  </message>
  <message>
   <source>Use where they are</source>
   <translation>Dort verwenden, wo sie liegen</translation>
  </message>
  <message>
   <source>Use {0}</source>
   <translation>{0} verwenden</translation>
  </message>
  <message>
   <source>Usual places</source>
   <translation>Übliche Orte</translation>
  </message>
 </context>
 <context>
  <name>JobCard</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n Abschnitt</numerusform>
    <numerusform>%n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>Earlier</source>
   <translation>Früher</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren …</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Later</source>
   <translation>Später</translation>
  </message>
  <message>
   <source>Pause after this chunk</source>
   <translation>Nach diesem Abschnitt pausieren</translation>
  </message>
  <message>
   <source>Show in folder</source>
   <translation>Im Ordner zeigen</translation>
  </message>
  <message>
   <source>Stop now</source>
   <translation>Jetzt anhalten</translation>
  </message>
  <message>
   <source>Take off the list</source>
   <translation>Von der Liste nehmen</translation>
  </message>
  <message>
   <source>Take out of the queue</source>
   <translation>Aus der Warteschlange nehmen</translation>
  </message>
  <message>
   <source>step {0} of {1}</source>
   <translation>Schritt {0} von {1}</translation>
  </message>
  <message>
   <source>{0} left, ready about {1}</source>
   <translation>noch {0}, fertig gegen {1}</translation>
  </message>
  <message>
   <source>{0} of {1} chunks ready</source>
   <translation>{0} von {1} Abschnitten fertig</translation>
  </message>
 </context>
 <context>
  <name>LeftDock</name>
  <message>
   <source>A silent speaker</source>
   <translation>Ein stummer Sprecher</translation>
  </message>
  <message>
   <source>Add</source>
   <translation>Hinzufügen</translation>
  </message>
  <message>
   <source>Assign in picture…</source>
   <translation>Im Bild zuordnen …</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Cropped to {0} × {1}</source>
   <translation>Zugeschnitten auf {0} × {1}</translation>
  </message>
  <message>
   <source>Drop a picture, a video or speech here</source>
   <translation>Bild, Video oder Sprache hier ablegen</translation>
  </message>
  <message>
   <source>No source yet</source>
   <translation>Noch keine Quelle</translation>
  </message>
  <message>
   <source>Remove {0}</source>
   <translation>{0} entfernen</translation>
  </message>
  <message>
   <source>Rendered at {0} × {1}</source>
   <translation>Berechnet mit {0} × {1}</translation>
  </message>
  <message>
   <source>Replace…</source>
   <translation>Ersetzen …</translation>
  </message>
  <message>
   <source>Source</source>
   <translation>Quelle</translation>
  </message>
  <message>
   <source>Speaker {0}</source>
   <translation>Sprecher {0}</translation>
  </message>
  <message>
   <source>Speakers</source>
   <translation>Sprecher</translation>
  </message>
  <message>
   <source>Speech from a file…</source>
   <translation>Sprache aus einer Datei …</translation>
  </message>
  <message>
   <source>Speech from text…</source>
   <translation>Sprache aus Text …</translation>
  </message>
  <message>
   <source>Start at 0:00</source>
   <translation>Bei 0:00 beginnen</translation>
  </message>
  <message>
   <source>The model knows two speakers</source>
   <translation>Das Modell kennt zwei Sprecher</translation>
  </message>
  <message>
   <source>The source, with the part that is rendered</source>
   <translation>Die Quelle, mit dem Teil, der berechnet wird</translation>
  </message>
  <message>
   <source>reading…</source>
   <translation>wird gelesen …</translation>
  </message>
 </context>
 <context>
  <name>LogWindow</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Code</source>
   <translation>Kennung</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>Protokoll</translation>
  </message>
  <message>
   <source>Messages</source>
   <translation>Meldungen</translation>
  </message>
  <message>
   <source>Open log folder</source>
   <translation>Protokollordner öffnen</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>What</source>
   <translation>Was</translation>
  </message>
 </context>
 <context>
  <name>MachineDialog</name>
  <message>
   <source>As the engine found it. Measuring takes some seconds.</source>
   <translation>So hat die Engine ihn vorgefunden. Messen dauert einige Sekunden.</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Machine report</source>
   <translation>Bericht über den Rechner</translation>
  </message>
  <message>
   <source>Measure</source>
   <translation>Messen</translation>
  </message>
  <message>
   <source>Measuring…</source>
   <translation>Es wird gemessen …</translation>
  </message>
  <message>
   <source>The engine has not answered yet.</source>
   <translation>Die Engine hat noch nicht geantwortet.</translation>
  </message>
 </context>
 <context>
  <name>MachineStep</name>
  <message numerus="yes">
   <source>%n cores</source>
   <translation>
    <numerusform>%n Kern</numerusform>
    <numerusform>%n Kerne</numerusform>
   </translation>
  </message>
  <message>
   <source>CPU</source>
   <translation>CPU</translation>
  </message>
  <message>
   <source>Check again</source>
   <translation>Noch einmal prüfen</translation>
  </message>
  <message>
   <source>No graphics card is used</source>
   <translation>Keine Grafikkarte wird verwendet</translation>
  </message>
  <message>
   <source>The engine looks at the machine…</source>
   <translation>Die Engine sieht sich den Rechner an …</translation>
  </message>
  <message>
   <source>The miniature model works on the CPU; the big one needs a card.</source>
   <translation>Das Miniaturmodell rechnet auf der CPU; das große braucht eine Karte.</translation>
  </message>
  <message>
   <source>The preview plays by the system's clock, without sound.</source>
   <translation>Die Vorschau läuft nach der Uhr des Systems, ohne Ton.</translation>
  </message>
  <message>
   <source>There is no sound device</source>
   <translation>Es gibt kein Tongerät</translation>
  </message>
  <message>
   <source>Videos are rendered and exported with their sound all the same.</source>
   <translation>Videos werden trotzdem mit Ton berechnet und exportiert.</translation>
  </message>
  <message>
   <source>driver {0}, {1} free</source>
   <translation>Treiber {0}, {1} frei</translation>
  </message>
  <message>
   <source>reads {0} GB/s</source>
   <translation>liest {0} GB/s</translation>
  </message>
  <message>
   <source>{0} free</source>
   <translation>{0} frei</translation>
  </message>
  <message>
   <source>{0} free on the disk of jobs</source>
   <translation>{0} frei auf dem Laufwerk der Aufträge</translation>
  </message>
  <message>
   <source>{0} of memory</source>
   <translation>{0} Arbeitsspeicher</translation>
  </message>
 </context>
 <context>
  <name>MainWindow</name>
  <message>
   <source>Chunk</source>
   <translation>Abschnitt</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren …</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Inspector</source>
   <translation>Eigenschaften</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <source>Project</source>
   <translation>Projekt</translation>
  </message>
  <message>
   <source>Queue</source>
   <translation>Warteschlange</translation>
  </message>
  <message>
   <source>Render</source>
   <translation>Berechnen</translation>
  </message>
  <message>
   <source>Source and speakers</source>
   <translation>Quelle und Sprecher</translation>
  </message>
  <message>
   <source>This can't be dropped here</source>
   <translation>Das kann hier nicht abgelegt werden</translation>
  </message>
  <message>
   <source>Timeline</source>
   <translation>Zeitleiste</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Namen</translation>
  </message>
  <message>
   <source>not saved yet</source>
   <translation>noch nicht gespeichert</translation>
  </message>
  <message>
   <source>read-only</source>
   <translation>nur lesbar</translation>
  </message>
  <message>
   <source>saved</source>
   <translation>gespeichert</translation>
  </message>
  <message>
   <source>saving…</source>
   <translation>wird gespeichert …</translation>
  </message>
 </context>
 <context>
  <name>MessageBar</name>
  <message numerus="yes">
   <source>+%n more</source>
   <translation>
    <numerusform>+%n weitere</numerusform>
    <numerusform>+%n weitere</numerusform>
   </translation>
  </message>
  <message>
   <source>Copy report</source>
   <translation>Bericht kopieren</translation>
  </message>
  <message>
   <source>Dismiss</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Error</source>
   <translation>Fehler</translation>
  </message>
  <message>
   <source>Notice</source>
   <translation>Hinweis</translation>
  </message>
  <message>
   <source>Warning</source>
   <translation>Warnung</translation>
  </message>
 </context>
 <context>
  <name>ModelPage</name>
  <message>
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <source>Check files…</source>
   <translation>Dateien prüfen …</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Dub only people who agree to it. Everything stays on this computer.</source>
   <translation>Synchronisiere nur Menschen, die damit einverstanden sind. Alles bleibt auf diesem Rechner.</translation>
  </message>
  <message>
   <source>Files are checked against their published SHA-256 before use. Pausing or closing the window keeps what is loaded.</source>
   <translation>Dateien werden vor Gebrauch gegen ihre veröffentlichte SHA-256 geprüft. Pause und Schließen behalten, was geladen ist.</translation>
  </message>
  <message>
   <source>First video</source>
   <translation>Erstes Video</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Go on in the background</source>
   <translation>Im Hintergrund weiter</translation>
  </message>
  <message>
   <source>Load {0}…</source>
   <translation>{0} laden …</translation>
  </message>
  <message>
   <source>Models</source>
   <translation>Modelle</translation>
  </message>
  <message>
   <source>Next</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>No waiting needed</source>
   <translation>Ohne zu warten</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <source>Set up</source>
   <translation>Einrichten</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>The miniature model draws a small face that speaks a bundled sentence. It takes the same way through the program as the big model, with small weights.</source>
   <translation>Das Miniaturmodell zeichnet ein kleines Gesicht, das einen mitgelieferten Satz spricht. Es geht denselben Weg durch das Programm wie das große Modell, mit kleinen Gewichten.</translation>
  </message>
  <message>
   <source>The miniature model is already here. Make a small first video while the models download.</source>
   <translation>Das Miniaturmodell ist schon da. Mach ein kleines erstes Video, während die Modelle laden.</translation>
  </message>
  <message>
   <source>Try the miniature model</source>
   <translation>Miniaturmodell ausprobieren</translation>
  </message>
  <message>
   <source>What has arrived is kept.</source>
   <translation>Was angekommen ist, bleibt.</translation>
  </message>
  <message>
   <source>Your machine</source>
   <translation>Dein Rechner</translation>
  </message>
  <message>
   <source>checked</source>
   <translation>geprüft</translation>
  </message>
  <message>
   <source>choose and download</source>
   <translation>wählen und laden</translation>
  </message>
  <message>
   <source>converting</source>
   <translation>wird umgewandelt</translation>
  </message>
  <message>
   <source>loading</source>
   <translation>lädt</translation>
  </message>
  <message>
   <source>looking…</source>
   <translation>wird angesehen …</translation>
  </message>
  <message>
   <source>on the miniature model</source>
   <translation>mit dem Miniaturmodell</translation>
  </message>
  <message>
   <source>paused</source>
   <translation>Pause</translation>
  </message>
  <message>
   <source>ready</source>
   <translation>fertig</translation>
  </message>
 </context>
 <context>
  <name>ModelsStep</name>
  <message>
   <source> MB/s</source>
   <translation> MB/s</translation>
  </message>
  <message>
   <source>16 bit, bf16</source>
   <translation>16 Bit, bf16</translation>
  </message>
  <message>
   <source>8 bit, fp8</source>
   <translation>8 Bit, fp8</translation>
  </message>
  <message>
   <source>8 bit, int8</source>
   <translation>8 Bit, int8</translation>
  </message>
  <message>
   <source>Address, proxy, token…</source>
   <translation>Adresse, Proxy, Token …</translation>
  </message>
  <message>
   <source>Can be added later</source>
   <translation>Kann später dazukommen</translation>
  </message>
  <message>
   <source>Check again</source>
   <translation>Noch einmal prüfen</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Chosen {0}, all of it is here</source>
   <translation>Gewählt {0}, alles ist da</translation>
  </message>
  <message>
   <source>Chosen {0}, {1} still to load</source>
   <translation>Gewählt {0}, noch {1} zu laden</translation>
  </message>
  <message>
   <source>Folder of models</source>
   <translation>Ordner der Modelle</translation>
  </message>
  <message>
   <source>For most cards: {0}</source>
   <translation>Für die meisten Karten: {0}</translation>
  </message>
  <message>
   <source>Hide other formats</source>
   <translation>Andere Formate verbergen</translation>
  </message>
  <message>
   <source>Import from a folder…</source>
   <translation>Aus einem Ordner importieren …</translation>
  </message>
  <message>
   <source>Leave out the conversion</source>
   <translation>Ohne Umwandlung</translation>
  </message>
  <message>
   <source>Needed for your card: {0}</source>
   <translation>Für deine Karte nötig: {0}</translation>
  </message>
  <message>
   <source>No graphics card is used</source>
   <translation>Keine Grafikkarte wird verwendet</translation>
  </message>
  <message>
   <source>Other formats ({0})</source>
   <translation>Andere Formate ({0})</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Speed limit</source>
   <translation>Höchsttempo</translation>
  </message>
  <message>
   <source>State</source>
   <translation>Stand</translation>
  </message>
  <message>
   <source>The engine is looking…</source>
   <translation>Die Engine sieht nach …</translation>
  </message>
  <message>
   <source>The engine looks at the machine…</source>
   <translation>Die Engine sieht sich den Rechner an …</translation>
  </message>
  <message>
   <source>driver {0}</source>
   <translation>Treiber {0}</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keines</translation>
  </message>
  <message>
   <source>reads {0} GB/s</source>
   <translation>liest {0} GB/s</translation>
  </message>
  <message>
   <source>{0} RAM</source>
   <translation>{0} RAM</translation>
  </message>
  <message>
   <source>{0}: {1} free, too little for {2} with conversion</source>
   <translation>{0}: {1} frei, zu wenig für {2} mit Umwandlung</translation>
  </message>
  <message>
   <source>{0}: {1} free, {2} after loading</source>
   <translation>{0}: {1} frei, {2} nach dem Laden</translation>
  </message>
  <message>
   <source>{0}: {1} free, {2} after loading and conversion</source>
   <translation>{0}: {1} frei, {2} nach Laden und Umwandlung</translation>
  </message>
 </context>
 <context>
  <name>OverviewStrip</name>
  <message>
   <source>Overview of all chunks</source>
   <translation>Übersicht aller Abschnitte</translation>
  </message>
 </context>
 <context>
  <name>OwnDot</name>
  <message>
   <source>Back to {0}</source>
   <translation>Zurück zu {0}</translation>
  </message>
  <message>
   <source>{0}: as in the project</source>
   <translation>{0}: wie im Projekt</translation>
  </message>
  <message>
   <source>{0}: own value. Click to reset.</source>
   <translation>{0}: eigener Wert. Klicken, um ihn zurückzusetzen.</translation>
  </message>
 </context>
 <context>
  <name>PreflightDialog</name>
  <message numerus="yes">
   <source>%n blocks resident</source>
   <translation>
    <numerusform>%n Block bleibt auf der Karte</numerusform>
    <numerusform>%n Blöcke bleiben auf der Karte</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n speakers</source>
   <translation>
    <numerusform>%n Sprecher</numerusform>
    <numerusform>%n Sprecher</numerusform>
   </translation>
  </message>
  <message>
   <source>25 frames per second; the last one has {0} frames</source>
   <translation>25 Bilder je Sekunde; der letzte hat {0} Bilder</translation>
  </message>
  <message>
   <source>Add to queue</source>
   <translation>In die Warteschlange</translation>
  </message>
  <message>
   <source>Adjust</source>
   <translation>Anpassen</translation>
  </message>
  <message>
   <source>Before rendering</source>
   <translation>Vor dem Berechnen</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Checked</source>
   <translation>Geprüft</translation>
  </message>
  <message>
   <source>Disk</source>
   <translation>Laufwerk</translation>
  </message>
  <message>
   <source>Every finished chunk is saved. Stop when you like and go on another night.</source>
   <translation>Jeder fertige Abschnitt ist gesichert. Halte an, wann du willst, und mach in einer anderen Nacht weiter.</translation>
  </message>
  <message>
   <source>Everything</source>
   <translation>Alles</translation>
  </message>
  <message>
   <source>In to out</source>
   <translation>Von In bis Out</translation>
  </message>
  <message>
   <source>Looking at this machine</source>
   <translation>Der Rechner wird angesehen</translation>
  </message>
  <message>
   <source>Models ready</source>
   <translation>Modelle bereit</translation>
  </message>
  <message>
   <source>Models…</source>
   <translation>Modelle …</translation>
  </message>
  <message>
   <source>Other size</source>
   <translation>Andere Größe</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>Quality</source>
   <translation>Qualität</translation>
  </message>
  <message>
   <source>RAM, highest</source>
   <translation>RAM, höchstens</translation>
  </message>
  <message>
   <source>Remove it</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Render</source>
   <translation>Berechnen</translation>
  </message>
  <message>
   <source>Show this before every job</source>
   <translation>Vor jedem Auftrag zeigen</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Smaller size</source>
   <translation>Kleinere Größe</translation>
  </message>
  <message numerus="yes">
   <source>Speech makes %n chunks</source>
   <translation>
    <numerusform>Die Sprache ergibt %n Abschnitt</numerusform>
    <numerusform>Die Sprache ergibt %n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>Stale only</source>
   <translation>Nur veraltete</translation>
  </message>
  <message>
   <source>Steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <source>The engine is starting; figures follow in a moment.</source>
   <translation>Die Engine startet; Zahlen folgen gleich.</translation>
  </message>
  <message>
   <source>The model is missing</source>
   <translation>Das Modell fehlt</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>Times are estimated from this machine's figures, ±40 %</source>
   <translation>Zeiten sind aus den Daten dieses Rechners geschätzt, ±40 %</translation>
  </message>
  <message>
   <source>Times were measured on this machine, ±8 %</source>
   <translation>Zeiten wurden auf diesem Rechner gemessen, ±8 %</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Namen</translation>
  </message>
  <message>
   <source>Use one speaker</source>
   <translation>Einen Sprecher verwenden</translation>
  </message>
  <message>
   <source>VRAM limit</source>
   <translation>VRAM-Grenze</translation>
  </message>
  <message>
   <source>VRAM, highest</source>
   <translation>VRAM, höchstens</translation>
  </message>
  <message>
   <source>What to render</source>
   <translation>Was berechnet wird</translation>
  </message>
  <message>
   <source>as the source</source>
   <translation>wie die Quelle</translation>
  </message>
  <message>
   <source>as the source ({0})</source>
   <translation>wie die Quelle ({0})</translation>
  </message>
  <message>
   <source>longer than a night</source>
   <translation>länger als eine Nacht</translation>
  </message>
  <message>
   <source>no block resident</source>
   <translation>kein Block bleibt auf der Karte</translation>
  </message>
  <message>
   <source>no graphics card is used</source>
   <translation>keine Grafikkarte wird verwendet</translation>
  </message>
  <message>
   <source>not advised on this machine</source>
   <translation>auf diesem Rechner nicht ratsam</translation>
  </message>
  <message>
   <source>not known yet</source>
   <translation>noch nicht bekannt</translation>
  </message>
  <message>
   <source>of {0} free</source>
   <translation>von {0} frei</translation>
  </message>
  <message>
   <source>of {0} free now; {1}</source>
   <translation>von {0} jetzt frei; {1}</translation>
  </message>
  <message>
   <source>with the fast LoRA</source>
   <translation>mit der schnellen LoRA</translation>
  </message>
  <message>
   <source>{0} a chunk, ready {1}</source>
   <translation>{0} je Abschnitt, fertig {1}</translation>
  </message>
  <message>
   <source>{0} passes a step</source>
   <translation>{0} Durchgänge je Schritt</translation>
  </message>
  <message>
   <source>{0} steps</source>
   <translation>{0} Schritte</translation>
  </message>
  <message>
   <source>{0} · chunks 1 to {1} · {2}</source>
   <translation>{0} · Abschnitte 1 bis {1} · {2}</translation>
  </message>
  <message>
   <source>{0}, {1}, {2}</source>
   <translation>{0}, {1}, {2}</translation>
  </message>
 </context>
 <context>
  <name>PreviewCanvas</name>
  <message>
   <source>Difference × 4</source>
   <translation>Unterschied × 4</translation>
  </message>
  <message>
   <source>Preview</source>
   <translation>Vorschau</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <source>Source</source>
   <translation>Quelle</translation>
  </message>
 </context>
 <context>
  <name>PreviewPane</name>
  <message>
   <source>100 %</source>
   <translation>100 %</translation>
  </message>
  <message>
   <source>Click to fit</source>
   <translation>Klicken, um einzupassen</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleich</translation>
  </message>
  <message>
   <source>Compare as</source>
   <translation>Vergleichen als</translation>
  </message>
  <message>
   <source>Difference</source>
   <translation>Unterschied</translation>
  </message>
  <message>
   <source>Drop a picture or a video, and speech</source>
   <translation>Bild oder Video und Sprache ablegen</translation>
  </message>
  <message>
   <source>Fit</source>
   <translation>Einpassen</translation>
  </message>
  <message>
   <source>Live</source>
   <translation>Live</translation>
  </message>
  <message>
   <source>Live: chunk {0}</source>
   <translation>Live: Abschnitt {0}</translation>
  </message>
  <message>
   <source>Miniature model</source>
   <translation>Miniaturmodell</translation>
  </message>
  <message>
   <source>Preview fits; click for 100 %</source>
   <translation>Vorschau ist eingepasst; klicken für 100 %</translation>
  </message>
  <message>
   <source>Preview shows</source>
   <translation>Vorschau zeigt</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <source>Show the chunk being denoised</source>
   <translation>Den Abschnitt zeigen, der gerade entsteht</translation>
  </message>
  <message>
   <source>Side by side</source>
   <translation>Nebeneinander</translation>
  </message>
  <message>
   <source>Source</source>
   <translation>Quelle</translation>
  </message>
  <message>
   <source>There is no picture at this time</source>
   <translation>Zu dieser Zeit gibt es kein Bild</translation>
  </message>
  <message>
   <source>Wipe</source>
   <translation>Blende</translation>
  </message>
  <message>
   <source>chunk {0}, not rendered yet</source>
   <translation>Abschnitt {0}, noch nicht berechnet</translation>
  </message>
  <message>
   <source>chunk {0}, take {1}</source>
   <translation>Abschnitt {0}, Fassung {1}</translation>
  </message>
  <message>
   <source>step {0} of {1}</source>
   <translation>Schritt {0} von {1}</translation>
  </message>
 </context>
 <context>
  <name>ProjectInspector</name>
  <message>
   <source>Adaptive projected guidance</source>
   <translation>Adaptive projizierte Führung</translation>
  </message>
  <message>
   <source>Add a LoRA</source>
   <translation>LoRA hinzufügen</translation>
  </message>
  <message>
   <source>Add…</source>
   <translation>Hinzufügen …</translation>
  </message>
  <message>
   <source>Advanced</source>
   <translation>Erweitert</translation>
  </message>
  <message>
   <source>After its end</source>
   <translation>Nach ihrem Ende</translation>
  </message>
  <message>
   <source>Audio guidance</source>
   <translation>Tonführung</translation>
  </message>
  <message>
   <source>Begin anew at scene cuts</source>
   <translation>An Szenenwechseln neu beginnen</translation>
  </message>
  <message>
   <source>Color correction</source>
   <translation>Farbkorrektur</translation>
  </message>
  <message>
   <source>Color reference</source>
   <translation>Farbvorbild</translation>
  </message>
  <message>
   <source>Exactly as the reference</source>
   <translation>Genau wie die Vorlage</translation>
  </message>
  <message>
   <source>Guidance</source>
   <translation>Führung</translation>
  </message>
  <message>
   <source>How far colors are drawn to the source, against drift</source>
   <translation>Wie weit Farben zur Quelle gezogen werden, gegen Abdriften</translation>
  </message>
  <message>
   <source>Length</source>
   <translation>Länge</translation>
  </message>
  <message>
   <source>LoRA (*.safetensors)</source>
   <translation>LoRA (*.safetensors)</translation>
  </message>
  <message>
   <source>LoRAs</source>
   <translation>LoRAs</translation>
  </message>
  <message>
   <source>Longest, frames</source>
   <translation>Höchstens, Bilder</translation>
  </message>
  <message>
   <source>Miniature (bundled)</source>
   <translation>Miniatur (mitgeliefert)</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model and quality</source>
   <translation>Modell und Qualität</translation>
  </message>
  <message>
   <source>Negative prompt</source>
   <translation>Negativer Prompt</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>Preset</source>
   <translation>Voreinstellung</translation>
  </message>
  <message>
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>Remove {0}</source>
   <translation>{0} entfernen</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>Scale</source>
   <translation>Maßstab</translation>
  </message>
  <message>
   <source>Schedule shift</source>
   <translation>Verschiebung</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>Startzahl</translation>
  </message>
  <message>
   <source>Set of sizes; 720 takes 2.5 times</source>
   <translation>Satz von Größen; 720 dauert 2,5-mal so lang</translation>
  </message>
  <message>
   <source>Share of the sides; drafts use 0.5</source>
   <translation>Anteil der Seiten; Entwürfe nehmen 0,5</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Size and steps</source>
   <translation>Größe und Schritte</translation>
  </message>
  <message>
   <source>Source</source>
   <translation>Quelle</translation>
  </message>
  <message>
   <source>Step skipping</source>
   <translation>Schritte auslassen</translation>
  </message>
  <message>
   <source>Steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <source>Strength of {0}</source>
   <translation>Stärke von {0}</translation>
  </message>
  <message>
   <source>TeaCache: higher is faster and less exact</source>
   <translation>TeaCache: höher ist schneller und weniger genau</translation>
  </message>
  <message>
   <source>Text guidance</source>
   <translation>Textführung</translation>
  </message>
  <message>
   <source>Where the speech is longer than the video</source>
   <translation>Wo die Sprache länger ist als das Video</translation>
  </message>
  <message>
   <source>as long as the speech</source>
   <translation>so lang wie die Sprache</translation>
  </message>
  <message>
   <source>as the source</source>
   <translation>wie die Quelle</translation>
  </message>
  <message>
   <source>back and forth</source>
   <translation>vor und zurück</translation>
  </message>
  <message>
   <source>each chunk's frame</source>
   <translation>Bild des Abschnitts</translation>
  </message>
  <message>
   <source>end with source</source>
   <translation>mit der Quelle enden</translation>
  </message>
  <message>
   <source>first frame</source>
   <translation>erstes Bild</translation>
  </message>
  <message>
   <source>hold last frame</source>
   <translation>letztes Bild halten</translation>
  </message>
  <message>
   <source>loop</source>
   <translation>wiederholen</translation>
  </message>
  <message>
   <source>no limit</source>
   <translation>keine Grenze</translation>
  </message>
  <message>
   <source>off</source>
   <translation>aus</translation>
  </message>
  <message>
   <source>one chunk</source>
   <translation>ein Abschnitt</translation>
  </message>
  <message>
   <source>the model's own</source>
   <translation>des Modells</translation>
  </message>
 </context>
 <context>
  <name>ProxyEdit</name>
  <message>
   <source>Address of the proxy</source>
   <translation>Adresse des Proxys</translation>
  </message>
  <message>
   <source>as the system</source>
   <translation>wie das System</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keines</translation>
  </message>
  <message>
   <source>this one:</source>
   <translation>dieser:</translation>
  </message>
 </context>
 <context>
  <name>QueueView</name>
  <message>
   <source>Finished</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Needs you</source>
   <translation>Braucht dich</translation>
  </message>
  <message>
   <source>Notify me</source>
   <translation>Benachrichtigen</translation>
  </message>
  <message>
   <source>Now</source>
   <translation>Jetzt</translation>
  </message>
  <message>
   <source>Stopped</source>
   <translation>Angehalten</translation>
  </message>
  <message>
   <source>The queue is empty.</source>
   <translation>Die Warteschlange ist leer.</translation>
  </message>
  <message>
   <source>Waiting</source>
   <translation>Wartend</translation>
  </message>
  <message>
   <source>When the queue is empty</source>
   <translation>Wenn die Warteschlange leer ist</translation>
  </message>
  <message>
   <source>When the queue is empty:</source>
   <translation>Wenn die Warteschlange leer ist:</translation>
  </message>
  <message>
   <source>do nothing</source>
   <translation>nichts tun</translation>
  </message>
  <message>
   <source>quit</source>
   <translation>beenden</translation>
  </message>
 </context>
 <context>
  <name>RecoveryDialog</name>
  <message numerus="yes">
   <source>%n chunks are damaged and are rendered again.</source>
   <translation>
    <numerusform>%n Abschnitt ist beschädigt und wird neu berechnet.</numerusform>
    <numerusform>%n Abschnitte sind beschädigt und werden neu berechnet.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chunks are on disk and have been checked.</source>
   <translation>
    <numerusform>%n Abschnitt liegt auf dem Laufwerk und ist geprüft.</numerusform>
    <numerusform>%n Abschnitte liegen auf dem Laufwerk und sind geprüft.</numerusform>
   </translation>
  </message>
  <message>
   <source>About {0} are lost.</source>
   <translation>Etwa {0} gehen verloren.</translation>
  </message>
  <message>
   <source>Chunk {0} starts again at its first step.</source>
   <translation>Abschnitt {0} beginnt wieder beim ersten Schritt.</translation>
  </message>
  <message>
   <source>Edits after the last save are restored.</source>
   <translation>Änderungen nach dem letzten Speichern sind wiederhergestellt.</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Go on with {0}?</source>
   <translation>Mit {0} weitermachen?</translation>
  </message>
  <message>
   <source>Looking at what is there…</source>
   <translation>Es wird nachgesehen, was da ist …</translation>
  </message>
  <message>
   <source>Open without rendering</source>
   <translation>Öffnen, ohne zu berechnen</translation>
  </message>
  <message>
   <source>Recovery</source>
   <translation>Wiederherstellung</translation>
  </message>
  <message>
   <source>Show job folder</source>
   <translation>Auftragsordner zeigen</translation>
  </message>
  <message>
   <source>The program was ended at {0} while chunk {1} was being rendered.</source>
   <translation>Das Programm wurde um {0} beendet, während Abschnitt {1} berechnet wurde.</translation>
  </message>
  <message>
   <source>The program was ended at {0}.</source>
   <translation>Das Programm wurde um {0} beendet.</translation>
  </message>
  <message>
   <source>The program was ended before anything was rendered.</source>
   <translation>Das Programm wurde beendet, bevor etwas berechnet war.</translation>
  </message>
  <message>
   <source>{0} left</source>
   <translation>noch {0}</translation>
  </message>
 </context>
 <context>
  <name>RedoDialog</name>
  <message>
   <source>3 takes with different seeds</source>
   <translation>3 Fassungen mit verschiedenen Startzahlen</translation>
  </message>
  <message>
   <source>At playhead</source>
   <translation>Am Abspielkopf</translation>
  </message>
  <message>
   <source>At the end of the queue</source>
   <translation>Am Ende der Warteschlange</translation>
  </message>
  <message>
   <source>Audio guidance</source>
   <translation>Tonführung</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Chunk {0} is kept. The last {1} frames of the new take, {2} s, are blended into those of the take it was built on, which stays as long as chunk {0} needs it.</source>
   <translation>Abschnitt {0} wird behalten. Die letzten {1} Bilder der neuen Fassung, {2} s, werden in die der Fassung überblendet, auf der er aufbaut; diese bleibt, solange Abschnitt {0} sie braucht.</translation>
  </message>
  <message>
   <source>Chunks {0} to {1} become stale and are rendered again from the new take, in order.</source>
   <translation>Die Abschnitte {0} bis {1} veralten und werden der Reihe nach von der neuen Fassung aus neu berechnet.</translation>
  </message>
  <message>
   <source>New take</source>
   <translation>Neue Fassung</translation>
  </message>
  <message>
   <source>New take of chunk {0}</source>
   <translation>Neue Fassung von Abschnitt {0}</translation>
  </message>
  <message numerus="yes">
   <source>New takes of %n chunks</source>
   <translation>
    <numerusform>Neue Fassung von %n Abschnitt</numerusform>
    <numerusform>Neue Fassungen von %n Abschnitten</numerusform>
   </translation>
  </message>
  <message>
   <source>No rendered chunk follows: nothing else changes.</source>
   <translation>Kein berechneter Abschnitt folgt: sonst ändert sich nichts.</translation>
  </message>
  <message>
   <source>Only this, and blend</source>
   <translation>Nur diesen, mit Überblendung</translation>
  </message>
  <message>
   <source>Other</source>
   <translation>Andere</translation>
  </message>
  <message>
   <source>Play take {0}</source>
   <translation>Fassung {0} abspielen</translation>
  </message>
  <message>
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>Redo next</source>
   <translation>Als Nächstes neu machen</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>Startzahl</translation>
  </message>
  <message>
   <source>Source frame</source>
   <translation>Quellbild</translation>
  </message>
  <message>
   <source>Speech shift</source>
   <translation>Sprachversatz</translation>
  </message>
  <message>
   <source>Text guidance</source>
   <translation>Textführung</translation>
  </message>
  <message>
   <source>This and all that follow</source>
   <translation>Diesen und alle folgenden</translation>
  </message>
  <message>
   <source>What changes</source>
   <translation>Was sich ändert</translation>
  </message>
  <message>
   <source>What happens after it</source>
   <translation>Was danach geschieht</translation>
  </message>
  <message>
   <source>project {0}</source>
   <translation>Projekt {0}</translation>
  </message>
  <message>
   <source>starts after chunk {0}</source>
   <translation>beginnt nach Abschnitt {0}</translation>
  </message>
  <message>
   <source>starts at once</source>
   <translation>beginnt sofort</translation>
  </message>
  <message>
   <source>{0} – {1} · {2} frames · would be take {3}</source>
   <translation>{0} – {1} · {2} Bilder · wäre Fassung {3}</translation>
  </message>
 </context>
 <context>
  <name>RowHeaders</name>
  <message>
   <source>Color drift</source>
   <translation>Farbabweichung</translation>
  </message>
  <message>
   <source>Mute</source>
   <translation>Stumm</translation>
  </message>
  <message>
   <source>Mute {0}</source>
   <translation>{0} stumm schalten</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <source>S</source>
   <comment>solo</comment>
   <translation>S</translation>
  </message>
  <message>
   <source>Solo {0}</source>
   <translation>Nur {0}</translation>
  </message>
  <message>
   <source>Solo: hear only this speaker</source>
   <translation>Nur diesen Sprecher hören</translation>
  </message>
  <message>
   <source>Source</source>
   <translation>Quelle</translation>
  </message>
  <message>
   <source>Take {0}</source>
   <translation>Fassung {0}</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>active take</source>
   <translation>gewählte Fassung</translation>
  </message>
  <message>
   <source>one frame per chunk</source>
   <translation>ein Bild je Abschnitt</translation>
  </message>
 </context>
 <context>
  <name>SettingsWindow</name>
  <message>
   <source> MB/s</source>
   <translation> MB/s</translation>
  </message>
  <message numerus="yes">
   <source>%n files removed</source>
   <translation>
    <numerusform>%n Datei entfernt</numerusform>
    <numerusform>%n Dateien entfernt</numerusform>
   </translation>
  </message>
  <message>
   <source>Access token</source>
   <translation>Zugangs-Token</translation>
  </message>
  <message>
   <source>Address of the hub, or of a mirror</source>
   <translation>Adresse des Hubs oder eines Spiegels</translation>
  </message>
  <message>
   <source>Advanced</source>
   <translation>Erweitert</translation>
  </message>
  <message>
   <source>Cache</source>
   <translation>Zwischenspeicher</translation>
  </message>
  <message>
   <source>Card: {0}</source>
   <translation>Karte: {0}</translation>
  </message>
  <message>
   <source>Choose a folder</source>
   <translation>Ordner wählen</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Convert models as soon as they are loaded</source>
   <translation>Modelle gleich nach dem Laden umwandeln</translation>
  </message>
  <message>
   <source>Default preset</source>
   <translation>Übliche Voreinstellung</translation>
  </message>
  <message>
   <source>Downloads</source>
   <translation>Herunterladen</translation>
  </message>
  <message>
   <source>Empty</source>
   <translation>Leeren</translation>
  </message>
  <message>
   <source>Engine in a process of its own</source>
   <translation>Engine in einem eigenen Prozess</translation>
  </message>
  <message>
   <source>Files at once</source>
   <translation>Dateien zugleich</translation>
  </message>
  <message>
   <source>Folders</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>General</source>
   <translation>Allgemein</translation>
  </message>
  <message>
   <source>Graphics card</source>
   <translation>Grafikkarte</translation>
  </message>
  <message>
   <source>Groups</source>
   <translation>Gruppen</translation>
  </message>
  <message>
   <source>Jobs</source>
   <translation>Aufträge</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Memory for frames</source>
   <translation>Speicher für Bilder</translation>
  </message>
  <message>
   <source>Models</source>
   <translation>Modelle</translation>
  </message>
  <message>
   <source>No telemetry. Only downloads that you start use the network, and they tell nothing about this computer. Pictures, speech and videos stay here.</source>
   <translation>Keine Telemetrie. Nur Downloads, die du startest, benutzen das Netz, und sie verraten nichts über diesen Rechner. Bilder, Sprache und Videos bleiben hier.</translation>
  </message>
  <message>
   <source>Notify me when a job is done</source>
   <translation>Benachrichtigen, wenn ein Auftrag fertig ist</translation>
  </message>
  <message>
   <source>Only for files that ask for an account. Kept in the key store of the system, never in a project, a log or a report.</source>
   <translation>Nur für Dateien, die ein Konto verlangen. Im Schlüsselspeicher des Systems, nie in einem Projekt, Protokoll oder Bericht.</translation>
  </message>
  <message>
   <source>Preview</source>
   <translation>Vorschau</translation>
  </message>
  <message>
   <source>Privacy</source>
   <translation>Datenschutz</translation>
  </message>
  <message>
   <source>Proxy</source>
   <translation>Proxy</translation>
  </message>
  <message>
   <source>Rendering</source>
   <translation>Berechnen</translation>
  </message>
  <message>
   <source>Search settings</source>
   <translation>Einstellungen durchsuchen</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Show the chunk being denoised</source>
   <translation>Den Abschnitt zeigen, der gerade entsteht</translation>
  </message>
  <message>
   <source>Show the plan before every job</source>
   <translation>Den Plan vor jedem Auftrag zeigen</translation>
  </message>
  <message>
   <source>Speed limit</source>
   <translation>Höchsttempo</translation>
  </message>
  <message>
   <source>Text size</source>
   <translation>Textgröße</translation>
  </message>
  <message>
   <source>Theme</source>
   <translation>Farbschema</translation>
  </message>
  <message>
   <source>VRAM limit</source>
   <translation>VRAM-Grenze</translation>
  </message>
  <message>
   <source>Volume</source>
   <translation>Lautstärke</translation>
  </message>
  <message>
   <source>a second copy that streams to the card faster; takes its size in disk space</source>
   <translation>eine zweite Kopie, die schneller zur Karte strömt; braucht ihre Größe an Platz</translation>
  </message>
  <message>
   <source>as the system</source>
   <translation>wie das System</translation>
  </message>
  <message>
   <source>dark</source>
   <translation>dunkel</translation>
  </message>
  <message>
   <source>from the next job</source>
   <translation>ab dem nächsten Auftrag</translation>
  </message>
  <message>
   <source>from the next start</source>
   <translation>ab dem nächsten Start</translation>
  </message>
  <message>
   <source>from the next start; off only for debugging</source>
   <translation>ab dem nächsten Start; nur zur Fehlersuche ausschalten</translation>
  </message>
  <message>
   <source>light</source>
   <translation>hell</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keines</translation>
  </message>
  <message>
   <source>none is used</source>
   <translation>keine wird verwendet</translation>
  </message>
  <message>
   <source>over all files together, at once</source>
   <translation>über alle Dateien zusammen, sofort</translation>
  </message>
  <message>
   <source>the default</source>
   <translation>dem üblichen Wert</translation>
  </message>
  <message>
   <source>what is free</source>
   <translation>was frei ist</translation>
  </message>
 </context>
 <context>
  <name>ShortcutsDialog</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
 </context>
 <context>
  <name>ShortcutsEditor</name>
  <message>
   <source>Command</source>
   <translation>Befehl</translation>
  </message>
  <message>
   <source>Commands and keys</source>
   <translation>Befehle und Tasten</translation>
  </message>
  <message>
   <source>Key</source>
   <translation>Taste</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>New key</source>
   <translation>Neue Taste</translation>
  </message>
  <message>
   <source>Reset</source>
   <translation>Zurücksetzen</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>Search commands or keys</source>
   <translation>Befehle oder Tasten suchen</translation>
  </message>
  <message>
   <source>{0} belongs to {1} already</source>
   <translation>{0} gehört schon zu {1}</translation>
  </message>
 </context>
 <context>
  <name>SpeakerCard</name>
  <message>
   <source>More for {0}</source>
   <translation>Mehr zu {0}</translation>
  </message>
  <message>
   <source>Mute {0}</source>
   <translation>{0} stumm schalten</translation>
  </message>
  <message>
   <source>Waveform of {0}</source>
   <translation>Wellenform von {0}</translation>
  </message>
  <message>
   <source>silent</source>
   <translation>stumm</translation>
  </message>
 </context>
 <context>
  <name>SpeakerDialog</name>
  <message>
   <source>A draft of {0} chunks shows whether the right mouths move.</source>
   <translation>Ein Entwurf von {0} Abschnitten zeigt, ob sich die richtigen Münder bewegen.</translation>
  </message>
  <message>
   <source>Add a speaker</source>
   <translation>Sprecher hinzufügen</translation>
  </message>
  <message>
   <source>Assign in picture</source>
   <translation>Im Bild zuordnen</translation>
  </message>
  <message>
   <source>At playhead</source>
   <translation>Am Abspielkopf</translation>
  </message>
  <message>
   <source>Box</source>
   <translation>Rahmen</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Choose speech</source>
   <translation>Sprache wählen</translation>
  </message>
  <message>
   <source>Click a face</source>
   <translation>Gesicht anklicken</translation>
  </message>
  <message>
   <source>Click a face, or drag a box around head and shoulders</source>
   <translation>Klicke ein Gesicht an oder ziehe einen Rahmen um Kopf und Schultern</translation>
  </message>
  <message>
   <source>Draft of {0} chunks</source>
   <translation>Entwurf von {0} Abschnitten</translation>
  </message>
  <message>
   <source>Each mouth follows its own speech; the other rests.</source>
   <translation>Jeder Mund folgt seiner eigenen Sprache; der andere ruht.</translation>
  </message>
  <message>
   <source>First</source>
   <translation>Erstes</translation>
  </message>
  <message>
   <source>Frame</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>Left and right halves</source>
   <translation>Linke und rechte Hälfte</translation>
  </message>
  <message>
   <source>No boxes</source>
   <translation>Keine Rahmen</translation>
  </message>
  <message>
   <source>No face was found: drag a box around head and shoulders</source>
   <translation>Kein Gesicht gefunden: ziehe einen Rahmen um Kopf und Schultern</translation>
  </message>
  <message>
   <source>One after the other</source>
   <translation>Nacheinander</translation>
  </message>
  <message>
   <source>Play together, as recorded</source>
   <translation>Zusammen, wie aufgenommen</translation>
  </message>
  <message>
   <source>Speech tracks</source>
   <translation>Sprachspuren</translation>
  </message>
  <message>
   <source>Swap A and B</source>
   <translation>A und B tauschen</translation>
  </message>
  <message>
   <source>The model knows two speakers.</source>
   <translation>Das Modell kennt zwei Sprecher.</translation>
  </message>
  <message>
   <source>The track of {0} is {1} s shorter: silence is added.</source>
   <translation>Die Spur von {0} ist {1} s kürzer: Stille wird angefügt.</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>Verwenden</translation>
  </message>
  <message>
   <source>Way to assign</source>
   <translation>Art der Zuordnung</translation>
  </message>
  <message>
   <source>Who speaks</source>
   <translation>Wer spricht</translation>
  </message>
  <message>
   <source>fills {0} % of the picture</source>
   <translation>füllt {0} % des Bildes</translation>
  </message>
  <message>
   <source>left half</source>
   <translation>linke Hälfte</translation>
  </message>
  <message>
   <source>lies fully inside the other box</source>
   <translation>liegt ganz im anderen Rahmen</translation>
  </message>
  <message>
   <source>no box: {0} of the picture</source>
   <translation>kein Rahmen: {0} des Bildes</translation>
  </message>
  <message>
   <source>right half</source>
   <translation>rechte Hälfte</translation>
  </message>
  <message>
   <source>whole picture</source>
   <translation>ganzes Bild</translation>
  </message>
  <message>
   <source>{0}: very small</source>
   <translation>{0}: sehr klein</translation>
  </message>
 </context>
 <context>
  <name>SpeakerPanel</name>
  <message>
   <source>Level</source>
   <translation>Pegel</translation>
  </message>
  <message>
   <source>Name of speaker {0}</source>
   <translation>Name von Sprecher {0}</translation>
  </message>
  <message>
   <source>Remove {0}</source>
   <translation>{0} entfernen</translation>
  </message>
  <message>
   <source>Speech</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Speech of {0}: {1}</source>
   <translation>Sprache von {0}: {1}</translation>
  </message>
  <message>
   <source>Starts at</source>
   <translation>Beginnt bei</translation>
  </message>
  <message>
   <source>silent</source>
   <translation>stumm</translation>
  </message>
 </context>
 <context>
  <name>StatusBar</name>
  <message numerus="yes">
   <source>%n chunks, not rendered yet</source>
   <translation>
    <numerusform>%n Abschnitt, noch nicht berechnet</numerusform>
    <numerusform>%n Abschnitte, noch nicht berechnet</numerusform>
   </translation>
  </message>
  <message>
   <source>All use of the graphics card</source>
   <translation>Alles, was die Grafikkarte nutzt</translation>
  </message>
  <message>
   <source>Disk</source>
   <translation>Laufwerk</translation>
  </message>
  <message>
   <source>Models: {0}</source>
   <translation>Modelle: {0}</translation>
  </message>
  <message>
   <source>Nothing to render yet</source>
   <translation>Noch nichts zu berechnen</translation>
  </message>
  <message>
   <source>Progress of the job</source>
   <translation>Fortschritt des Auftrags</translation>
  </message>
  <message>
   <source>RAM</source>
   <translation>RAM</translation>
  </message>
  <message>
   <source>Ready about {0} · {1} left</source>
   <translation>Fertig gegen {0} · noch {1}</translation>
  </message>
  <message>
   <source>VRAM</source>
   <translation>VRAM</translation>
  </message>
  <message>
   <source>{0} free</source>
   <translation>{0} frei</translation>
  </message>
  <message>
   <source>{0} of {1} ready</source>
   <translation>{0} von {1} fertig</translation>
  </message>
 </context>
 <context>
  <name>TakeCard</name>
  <message>
   <source>A kept chunk was built on this take</source>
   <translation>Ein behaltener Abschnitt baut auf dieser Fassung auf</translation>
  </message>
  <message>
   <source>Play this take</source>
   <translation>Diese Fassung abspielen</translation>
  </message>
 </context>
 <context>
  <name>TakeCompareDialog</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Frame</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>Show this take</source>
   <translation>Diese Fassung zeigen</translation>
  </message>
  <message>
   <source>Take</source>
   <translation>Fassung</translation>
  </message>
  <message>
   <source>Take {0}</source>
   <translation>Fassung {0}</translation>
  </message>
  <message>
   <source>Takes of chunk {0}</source>
   <translation>Fassungen von Abschnitt {0}</translation>
  </message>
  <message>
   <source>frame {0} of the chunk</source>
   <translation>Bild {0} des Abschnitts</translation>
  </message>
 </context>
 <context>
  <name>TimelineCanvas</name>
  <message>
   <source>Chunk {0} begins from the source at {1}</source>
   <translation>Abschnitt {0} beginnt mit der Quelle bei {1}</translation>
  </message>
  <message>
   <source>Chunk {0}: color {1}, identity {2}, against the source</source>
   <translation>Abschnitt {0}: Farbe {1}, Ähnlichkeit {2}, gegen die Quelle</translation>
  </message>
  <message>
   <source>Timeline</source>
   <translation>Zeitleiste</translation>
  </message>
  <message>
   <source>{0}, {1}, starts at {2}. Drag to shift.</source>
   <translation>{0}, {1}, beginnt bei {2}. Ziehen, um zu verschieben.</translation>
  </message>
 </context>
 <context>
  <name>TimelineView</name>
  <message numerus="yes">
   <source>%n chunks are stale</source>
   <translation>
    <numerusform>%n Abschnitt ist veraltet</numerusform>
    <numerusform>%n Abschnitte sind veraltet</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>All %n chunks</source>
   <translation>
    <numerusform>Alle %n Abschnitte</numerusform>
    <numerusform>Alle %n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>Fit</source>
   <comment>zoom</comment>
   <translation>Einpassen</translation>
  </message>
  <message>
   <source>Keep them…</source>
   <translation>Behalten …</translation>
  </message>
  <message>
   <source>No chunks yet</source>
   <translation>Noch keine Abschnitte</translation>
  </message>
  <message>
   <source>Render them</source>
   <translation>Neu berechnen</translation>
  </message>
  <message>
   <source>Scroll timeline</source>
   <translation>Zeitleiste rollen</translation>
  </message>
  <message>
   <source>Show the whole timeline (0)</source>
   <translation>Die ganze Zeitleiste zeigen (0)</translation>
  </message>
  <message>
   <source>Zoom</source>
   <translation>Vergrößerung</translation>
  </message>
  <message>
   <source>Zoom in</source>
   <translation>Vergrößern</translation>
  </message>
  <message>
   <source>Zoom out</source>
   <translation>Verkleinern</translation>
  </message>
  <message>
   <source>{0}: they follow chunk {1}</source>
   <translation>{0}: nach Abschnitt {1}</translation>
  </message>
 </context>
 <context>
  <name>TokenEdit</name>
  <message>
   <source>Forget</source>
   <translation>Vergessen</translation>
  </message>
  <message>
   <source>No token is kept.</source>
   <translation>Kein Token ist gespeichert.</translation>
  </message>
  <message>
   <source>Save</source>
   <translation>Sichern</translation>
  </message>
  <message>
   <source>Saved in the key store of this system.</source>
   <translation>Im Schlüsselspeicher des Systems gesichert.</translation>
  </message>
 </context>
 <context>
  <name>TransportBar</name>
  <message>
   <source>Speed</source>
   <translation>Geschwindigkeit</translation>
  </message>
  <message>
   <source>Volume</source>
   <translation>Lautstärke</translation>
  </message>
  <message>
   <source>chunk {0} · frame {1}</source>
   <translation>Abschnitt {0} · Bild {1}</translation>
  </message>
 </context>
 <context>
  <name>VoiceDialog</name>
  <message>
   <source>(s1) Good evening. (s2) And welcome.</source>
   <translation>(s1) Guten Abend. (s2) Und willkommen.</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Looking for voice programs…</source>
   <translation>Es werden Sprachprogramme gesucht …</translation>
  </message>
  <message>
   <source>Make speech</source>
   <translation>Sprache erzeugen</translation>
  </message>
  <message>
   <source>Mark what each of two speakers says with (s1) and (s2).</source>
   <translation>Kennzeichne mit (s1) und (s2), was jeder von zwei Sprechern sagt.</translation>
  </message>
  <message>
   <source>No voice program is installed. Install espeak-ng or piper, then open this again.</source>
   <translation>Kein Sprachprogramm ist installiert. Installiere espeak-ng oder piper und öffne dies noch einmal.</translation>
  </message>
  <message>
   <source>Speaker {0}</source>
   <translation>Sprecher {0}</translation>
  </message>
  <message>
   <source>Speaking…</source>
   <translation>Es wird gesprochen …</translation>
  </message>
  <message>
   <source>Speech from text</source>
   <translation>Sprache aus Text</translation>
  </message>
  <message>
   <source>Text</source>
   <translation>Text</translation>
  </message>
  <message>
   <source>Voice of speaker {0}</source>
   <translation>Stimme von Sprecher {0}</translation>
  </message>
  <message>
   <source>Voice {0}</source>
   <translation>Stimme {0}</translation>
  </message>
 </context>
 <context>
  <name>_ChunkList</name>
  <message>
   <source>Chunks</source>
   <translation>Abschnitte</translation>
  </message>
 </context>
 <context>
  <name>_CompactColumn</name>
  <message>
   <source>Add speech</source>
   <translation>Sprache hinzufügen</translation>
  </message>
  <message>
   <source>Assign in picture…</source>
   <translation>Im Bild zuordnen …</translation>
  </message>
  <message>
   <source>Choose source</source>
   <translation>Quelle wählen</translation>
  </message>
  <message>
   <source>Show source and speakers</source>
   <translation>Quelle und Sprecher zeigen</translation>
  </message>
 </context>
 <context>
  <name>chunks</name>
  <message>
   <source>follows chunk {0}</source>
   <translation>folgt auf Abschnitt {0}</translation>
  </message>
  <message>
   <source>its settings were changed</source>
   <translation>seine Einstellungen wurden geändert</translation>
  </message>
  <message>
   <source>step {0}/{1}</source>
   <translation>Schritt {0}/{1}</translation>
  </message>
 </context>
 <context>
  <name>commands</name>
  <message>
   <source>&amp;About and licenses…</source>
   <translation>&amp;Über und Lizenzen …</translation>
  </message>
  <message>
   <source>&amp;Bench this machine…</source>
   <translation>&amp;Rechner messen …</translation>
  </message>
  <message>
   <source>&amp;Clear in and out</source>
   <translation>In und Out &amp;löschen</translation>
  </message>
  <message>
   <source>&amp;Compare</source>
   <translation>&amp;Vergleich</translation>
  </message>
  <message>
   <source>&amp;Copy chunk settings</source>
   <translation>Abschnittswerte &amp;kopieren</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>&amp;Bearbeiten</translation>
  </message>
  <message>
   <source>&amp;Export…</source>
   <translation>&amp;Exportieren …</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>&amp;Datei</translation>
  </message>
  <message>
   <source>&amp;First steps</source>
   <translation>&amp;Erste Schritte</translation>
  </message>
  <message>
   <source>&amp;Fit preview</source>
   <translation>Vorschau &amp;einpassen</translation>
  </message>
  <message>
   <source>&amp;Go to time…</source>
   <translation>&amp;Gehe zu Zeit …</translation>
  </message>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
  <message>
   <source>&amp;Import source…</source>
   <translation>Quelle &amp;importieren …</translation>
  </message>
  <message>
   <source>&amp;Inspector</source>
   <translation>E&amp;igenschaften</translation>
  </message>
  <message>
   <source>&amp;Keep stale</source>
   <translation>Veraltete &amp;behalten</translation>
  </message>
  <message>
   <source>&amp;Live picture</source>
   <translation>&amp;Live-Bild</translation>
  </message>
  <message>
   <source>&amp;Loop in to out</source>
   <translation>In bis Out &amp;wiederholen</translation>
  </message>
  <message>
   <source>&amp;Marker</source>
   <translation>&amp;Marke</translation>
  </message>
  <message>
   <source>&amp;Models…</source>
   <translation>&amp;Modelle …</translation>
  </message>
  <message>
   <source>&amp;New</source>
   <translation>&amp;Neu</translation>
  </message>
  <message>
   <source>&amp;Open…</source>
   <translation>Ö&amp;ffnen …</translation>
  </message>
  <message>
   <source>&amp;Paste chunk settings</source>
   <translation>Abschnittswerte ein&amp;fügen</translation>
  </message>
  <message>
   <source>&amp;Pause after this chunk</source>
   <translation>Nach diesem Abschnitt &amp;pausieren</translation>
  </message>
  <message>
   <source>&amp;Play or pause</source>
   <translation>&amp;Abspielen oder anhalten</translation>
  </message>
  <message>
   <source>&amp;Queue</source>
   <translation>&amp;Warteschlange</translation>
  </message>
  <message>
   <source>&amp;Quit</source>
   <translation>&amp;Beenden</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>&amp;Wiederherstellen</translation>
  </message>
  <message>
   <source>&amp;Render</source>
   <translation>Be&amp;rechnen</translation>
  </message>
  <message>
   <source>&amp;Render…</source>
   <translation>Be&amp;rechnen …</translation>
  </message>
  <message>
   <source>&amp;Result</source>
   <translation>E&amp;rgebnis</translation>
  </message>
  <message>
   <source>&amp;Save</source>
   <translation>&amp;Speichern</translation>
  </message>
  <message>
   <source>&amp;Shortcuts</source>
   <translation>&amp;Tastenkürzel</translation>
  </message>
  <message>
   <source>&amp;Snap</source>
   <translation>&amp;Einrasten</translation>
  </message>
  <message>
   <source>&amp;Source</source>
   <translation>&amp;Quelle</translation>
  </message>
  <message>
   <source>&amp;Timeline</source>
   <translation>&amp;Zeitleiste</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>&amp;Rückgängig</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>&amp;Ansicht</translation>
  </message>
  <message>
   <source>Add s&amp;peech…</source>
   <translation>S&amp;prache hinzufügen …</translation>
  </message>
  <message>
   <source>Chunks as a list</source>
   <translation>Abschnitte als Liste</translation>
  </message>
  <message>
   <source>Clear &amp;own values</source>
   <translation>Eigene Werte &amp;löschen</translation>
  </message>
  <message>
   <source>Clear in</source>
   <translation>In löschen</translation>
  </message>
  <message>
   <source>Clear out</source>
   <translation>Out löschen</translation>
  </message>
  <message>
   <source>Compare as &amp;difference</source>
   <translation>Vergleich als &amp;Unterschied</translation>
  </message>
  <message>
   <source>Compare as &amp;wipe</source>
   <translation>Vergleich als &amp;Blende</translation>
  </message>
  <message>
   <source>Compare side &amp;by side</source>
   <translation>Vergleich &amp;nebeneinander</translation>
  </message>
  <message>
   <source>End</source>
   <translation>Ende</translation>
  </message>
  <message>
   <source>F&amp;ull screen</source>
   <translation>&amp;Vollbild</translation>
  </message>
  <message>
   <source>Fit timeli&amp;ne</source>
   <translation>Zei&amp;tleiste einpassen</translation>
  </message>
  <message>
   <source>Frame back</source>
   <translation>Ein Bild zurück</translation>
  </message>
  <message>
   <source>Frame forward</source>
   <translation>Ein Bild vor</translation>
  </message>
  <message>
   <source>Import &amp;job folder…</source>
   <translation>&amp;Auftragsordner importieren …</translation>
  </message>
  <message>
   <source>Large &amp;preview</source>
   <translation>&amp;Große Vorschau</translation>
  </message>
  <message>
   <source>Lo&amp;g</source>
   <translation>&amp;Protokoll</translation>
  </message>
  <message>
   <source>Machine &amp;report…</source>
   <translation>&amp;Bericht über den Rechner …</translation>
  </message>
  <message>
   <source>Make speech from &amp;text…</source>
   <translation>Sprache aus &amp;Text …</translation>
  </message>
  <message>
   <source>Next chunk edge</source>
   <translation>Nächste Abschnittsgrenze</translation>
  </message>
  <message>
   <source>Next marker</source>
   <translation>Nächste Marke</translation>
  </message>
  <message>
   <source>Next take</source>
   <translation>Nächste Fassung</translation>
  </message>
  <message>
   <source>Next way to compare</source>
   <translation>Nächste Art zu vergleichen</translation>
  </message>
  <message>
   <source>Open &amp;log folder</source>
   <translation>&amp;Protokollordner öffnen</translation>
  </message>
  <message>
   <source>Open &amp;recent</source>
   <translation>&amp;Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>Play &amp;forward, faster</source>
   <translation>&amp;Vorwärts, schneller</translation>
  </message>
  <message>
   <source>Play back&amp;ward, faster</source>
   <translation>&amp;Rückwärts, schneller</translation>
  </message>
  <message>
   <source>Preview at &amp;100 %</source>
   <translation>Vorschau mit &amp;100 %</translation>
  </message>
  <message>
   <source>Previous chunk edge</source>
   <translation>Vorige Abschnittsgrenze</translation>
  </message>
  <message>
   <source>Previous marker</source>
   <translation>Vorige Marke</translation>
  </message>
  <message>
   <source>Previous take</source>
   <translation>Vorige Fassung</translation>
  </message>
  <message>
   <source>Re&amp;do chunk…</source>
   <translation>Abschnitt &amp;neu machen …</translation>
  </message>
  <message>
   <source>Re&amp;move</source>
   <translation>&amp;Entfernen</translation>
  </message>
  <message>
   <source>Remove marker</source>
   <translation>Marke entfernen</translation>
  </message>
  <message>
   <source>Render &amp;in to out…</source>
   <translation>&amp;In bis Out berechnen …</translation>
  </message>
  <message>
   <source>Render &amp;stale</source>
   <translation>&amp;Veraltete berechnen</translation>
  </message>
  <message>
   <source>Reset la&amp;yout</source>
   <translation>Anordnung &amp;zurücksetzen</translation>
  </message>
  <message>
   <source>Row: color drift</source>
   <translation>Zeile: Farbabweichung</translation>
  </message>
  <message>
   <source>Row: source</source>
   <translation>Zeile: Quelle</translation>
  </message>
  <message>
   <source>Row: speech</source>
   <translation>Zeile: Sprache</translation>
  </message>
  <message>
   <source>Save &amp;as…</source>
   <translation>Speichern &amp;unter …</translation>
  </message>
  <message>
   <source>Save &amp;diagnostics…</source>
   <translation>&amp;Diagnose speichern …</translation>
  </message>
  <message>
   <source>Save &amp;frame…</source>
   <translation>&amp;Bild speichern …</translation>
  </message>
  <message>
   <source>Se&amp;ttings…</source>
   <translation>Ei&amp;nstellungen …</translation>
  </message>
  <message>
   <source>Second back</source>
   <translation>Eine Sekunde zurück</translation>
  </message>
  <message>
   <source>Second forward</source>
   <translation>Eine Sekunde vor</translation>
  </message>
  <message>
   <source>Select &amp;all</source>
   <translation>&amp;Alle auswählen</translation>
  </message>
  <message>
   <source>Select &amp;failed</source>
   <translation>&amp;Fehlgeschlagene auswählen</translation>
  </message>
  <message>
   <source>Select &amp;stale</source>
   <translation>&amp;Veraltete auswählen</translation>
  </message>
  <message>
   <source>Set &amp;in</source>
   <translation>&amp;In setzen</translation>
  </message>
  <message>
   <source>Set &amp;out</source>
   <translation>&amp;Out setzen</translation>
  </message>
  <message>
   <source>Show &amp;takes</source>
   <translation>&amp;Fassungen zeigen</translation>
  </message>
  <message>
   <source>Source and speakers</source>
   <translation>Quelle und Sprecher</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>Anfang</translation>
  </message>
  <message>
   <source>Stop &amp;now</source>
   <translation>&amp;Jetzt anhalten</translation>
  </message>
  <message>
   <source>Theme: as the s&amp;ystem</source>
   <translation>Farbschema: wie das S&amp;ystem</translation>
  </message>
  <message>
   <source>Theme: dar&amp;k</source>
   <translation>Farbschema: &amp;dunkel</translation>
  </message>
  <message>
   <source>Theme: lig&amp;ht</source>
   <translation>Farbschema: &amp;hell</translation>
  </message>
  <message>
   <source>Zoom timeline &amp;in</source>
   <translation>Zeitleiste ver&amp;größern</translation>
  </message>
  <message>
   <source>Zoom timeline &amp;out</source>
   <translation>Zeitleiste ver&amp;kleinern</translation>
  </message>
 </context>
 <context>
  <name>diagnostics</name>
  <message>
   <source>Archives (*.zip)</source>
   <translation>Archive (*.zip)</translation>
  </message>
  <message>
   <source>Diagnostics saved</source>
   <translation>Diagnose gespeichert</translation>
  </message>
  <message>
   <source>Save diagnostics</source>
   <translation>Diagnose speichern</translation>
  </message>
 </context>
 <context>
  <name>drop</name>
  <message>
   <source>A project is opened alone</source>
   <translation>Ein Projekt wird allein geöffnet</translation>
  </message>
  <message>
   <source>Adds two speakers: {0} and {1}</source>
   <translation>Fügt zwei Sprecher hinzu: {0} und {1}</translation>
  </message>
  <message>
   <source>Adds {0} as speech</source>
   <translation>Fügt {0} als Sprache hinzu</translation>
  </message>
  <message>
   <source>One picture or video at a time</source>
   <translation>Ein Bild oder Video auf einmal</translation>
  </message>
  <message>
   <source>Only files can be dropped here</source>
   <translation>Nur Dateien können hier abgelegt werden</translation>
  </message>
  <message>
   <source>Opens the job {0}</source>
   <translation>Öffnet den Auftrag {0}</translation>
  </message>
  <message>
   <source>Opens {0}</source>
   <translation>Öffnet {0}</translation>
  </message>
  <message>
   <source>Reads the request {0}</source>
   <translation>Liest den Auftrag {0}</translation>
  </message>
  <message>
   <source>Sets {0} as source</source>
   <translation>Nimmt {0} als Quelle</translation>
  </message>
  <message>
   <source>Sets {0} as source and adds {1} as speech</source>
   <translation>Nimmt {0} als Quelle und fügt {1} als Sprache hinzu</translation>
  </message>
  <message>
   <source>Sets {0} as source; asks whether its sound is the speech</source>
   <translation>Nimmt {0} als Quelle; fragt, ob der Ton die Sprache ist</translation>
  </message>
  <message>
   <source>Two speakers at most: remove one before adding another</source>
   <translation>Höchstens zwei Sprecher: entferne einen, bevor du einen anderen hinzufügst</translation>
  </message>
  <message>
   <source>no ending</source>
   <translation>keine Endung</translation>
  </message>
  <message>
   <source>{0} can't be used: {1} is neither picture, video, sound nor project</source>
   <translation>{0} ist nicht verwendbar: {1} ist weder Bild, Video, Ton noch Projekt</translation>
  </message>
 </context>
 <context>
  <name>edits</name>
  <message>
   <source>Add marker</source>
   <translation>Marke setzen</translation>
  </message>
  <message>
   <source>Add speaker {0}</source>
   <translation>Sprecher {0} hinzufügen</translation>
  </message>
  <message>
   <source>Assign speakers</source>
   <translation>Sprecher zuordnen</translation>
  </message>
  <message>
   <source>Change box of {0}</source>
   <translation>Rahmen von {0} ändern</translation>
  </message>
  <message>
   <source>Change in and out</source>
   <translation>In und Out ändern</translation>
  </message>
  <message>
   <source>Change level of {0}</source>
   <translation>Pegel von {0} ändern</translation>
  </message>
  <message>
   <source>Change markers</source>
   <translation>Marken ändern</translation>
  </message>
  <message>
   <source>Change speaker {0}</source>
   <translation>Sprecher {0} ändern</translation>
  </message>
  <message>
   <source>Change speech of {0}</source>
   <translation>Sprache von {0} ändern</translation>
  </message>
  <message>
   <source>Change {0}</source>
   <translation>{0} ändern</translation>
  </message>
  <message>
   <source>Change {0} of chunk {1}</source>
   <translation>{0} von Abschnitt {1} ändern</translation>
  </message>
  <message>
   <source>Change {0} of {1} chunks</source>
   <translation>{0} von {1} Abschnitten ändern</translation>
  </message>
  <message>
   <source>Choose model</source>
   <translation>Modell wählen</translation>
  </message>
  <message>
   <source>Choose {0}</source>
   <translation>{0} wählen</translation>
  </message>
  <message>
   <source>Clear own values</source>
   <translation>Eigene Werte löschen</translation>
  </message>
  <message>
   <source>LoRAs</source>
   <translation>LoRAs</translation>
  </message>
  <message>
   <source>Mute {0}</source>
   <translation>{0} stumm schalten</translation>
  </message>
  <message>
   <source>Paste chunk settings</source>
   <translation>Abschnittswerte einfügen</translation>
  </message>
  <message>
   <source>Remove speaker {0}</source>
   <translation>Sprecher {0} entfernen</translation>
  </message>
  <message>
   <source>Rename speaker {0}</source>
   <translation>Sprecher {0} umbenennen</translation>
  </message>
  <message>
   <source>Set source {0}</source>
   <translation>Quelle {0} setzen</translation>
  </message>
  <message>
   <source>Shift speech of {0}</source>
   <translation>Sprache von {0} verschieben</translation>
  </message>
  <message>
   <source>Solo {0}</source>
   <translation>Nur {0}</translation>
  </message>
  <message>
   <source>audio guidance</source>
   <translation>Tonführung</translation>
  </message>
  <message>
   <source>color correction</source>
   <translation>Farbkorrektur</translation>
  </message>
  <message>
   <source>exactness</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>length</source>
   <translation>Länge</translation>
  </message>
  <message>
   <source>longest length</source>
   <translation>größte Länge</translation>
  </message>
  <message>
   <source>negative prompt</source>
   <translation>negativer Prompt</translation>
  </message>
  <message>
   <source>precision</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>projected guidance</source>
   <translation>projizierte Führung</translation>
  </message>
  <message>
   <source>prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>scene cuts</source>
   <translation>Szenenwechsel</translation>
  </message>
  <message>
   <source>seed</source>
   <translation>Startzahl</translation>
  </message>
  <message>
   <source>shift</source>
   <translation>Verschiebung</translation>
  </message>
  <message>
   <source>size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>source frame</source>
   <translation>Quellbild</translation>
  </message>
  <message>
   <source>speech shift</source>
   <translation>Sprachversatz</translation>
  </message>
  <message>
   <source>step skipping</source>
   <translation>Auslassen von Schritten</translation>
  </message>
  <message>
   <source>steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <source>text guidance</source>
   <translation>Textführung</translation>
  </message>
  <message>
   <source>the model's own settings</source>
   <translation>Einstellungen des Modells</translation>
  </message>
 </context>
 <context>
  <name>export</name>
  <message>
   <source>Exported</source>
   <translation>Exportiert</translation>
  </message>
  <message>
   <source>Exporting</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Exporting {0}, {1} %</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Exports when all chunks are ready</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <source>Show in folder</source>
   <translation>Im Ordner zeigen</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The export was stopped</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>first</name>
  <message>
   <source>hello-first-video</source>
   <translation>hallo-erstes-video</translation>
  </message>
 </context>
 <context>
  <name>job</name>
  <message>
   <source>Failed</source>
   <translation>Fehlgeschlagen</translation>
  </message>
  <message>
   <source>Finished</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Needs you: {0}</source>
   <translation>Braucht dich: {0}</translation>
  </message>
  <message>
   <source>Paused</source>
   <translation>Pausiert</translation>
  </message>
  <message>
   <source>Pausing after this chunk</source>
   <translation>Pause nach diesem Abschnitt</translation>
  </message>
  <message>
   <source>Preparing</source>
   <translation>Vorbereitung</translation>
  </message>
  <message>
   <source>Preparing: {0}</source>
   <translation>Vorbereitung: {0}</translation>
  </message>
  <message>
   <source>Rendering</source>
   <translation>Berechnen</translation>
  </message>
  <message>
   <source>Rendering chunk {0}</source>
   <translation>Berechnet Abschnitt {0}</translation>
  </message>
  <message>
   <source>Stopped</source>
   <translation>Angehalten</translation>
  </message>
  <message>
   <source>Waiting</source>
   <translation>Wartend</translation>
  </message>
  <message>
   <source>loading the model</source>
   <translation>das Modell wird geladen</translation>
  </message>
  <message>
   <source>picture</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>speech</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>text</source>
   <translation>Text</translation>
  </message>
 </context>
 <context>
  <name>models</name>
  <message>
   <source>A download is not finished</source>
   <translation>Ein Download ist nicht fertig</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>Prüfen</translation>
  </message>
  <message>
   <source>Checking, {0}</source>
   <translation>Prüfen, {0}</translation>
  </message>
  <message>
   <source>Convert</source>
   <translation>Umwandeln</translation>
  </message>
  <message>
   <source>Converting {0}, {1} %</source>
   <translation>{0} wird umgewandelt, {1} %</translation>
  </message>
  <message>
   <source>Converting, {0}</source>
   <translation>Umwandeln, {0}</translation>
  </message>
  <message>
   <source>Does not match</source>
   <translation>Stimmt nicht</translation>
  </message>
  <message>
   <source>Enter token…</source>
   <translation>Token eingeben …</translation>
  </message>
  <message>
   <source>Forget</source>
   <translation>Vergessen</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Go on converting</source>
   <translation>Weiter umwandeln</translation>
  </message>
  <message>
   <source>Here, not checked yet</source>
   <translation>Da, noch nicht geprüft</translation>
  </message>
  <message>
   <source>It must look like https://host or http://host:port.</source>
   <translation>Sie muss aussehen wie https://host oder http://host:port.</translation>
  </message>
  <message>
   <source>Load again</source>
   <translation>Neu laden</translation>
  </message>
  <message>
   <source>Load {0}, {1}</source>
   <translation>{0} laden, {1}</translation>
  </message>
  <message>
   <source>Models…</source>
   <translation>Modelle …</translation>
  </message>
  <message>
   <source>Name and password are not kept here.</source>
   <translation>Name und Passwort werden hier nicht aufbewahrt.</translation>
  </message>
  <message>
   <source>Next</source>
   <translation>Als Nächstes</translation>
  </message>
  <message>
   <source>Not chosen</source>
   <translation>Nicht gewählt</translation>
  </message>
  <message>
   <source>Now</source>
   <translation>Jetzt</translation>
  </message>
  <message>
   <source>Paused at {0}</source>
   <translation>Pause bei {0}</translation>
  </message>
  <message>
   <source>Paused; what has arrived is kept</source>
   <translation>Pause; was angekommen ist, bleibt</translation>
  </message>
  <message>
   <source>Progress of {0}</source>
   <translation>Fortschritt von {0}</translation>
  </message>
  <message>
   <source>Ready, checked</source>
   <translation>Fertig, geprüft</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>Stopped</source>
   <translation>Angehalten</translation>
  </message>
  <message>
   <source>The engine is starting…</source>
   <translation>Die Engine startet …</translation>
  </message>
  <message>
   <source>The miniature model is not part of this installation.</source>
   <translation>Das Miniaturmodell gehört nicht zu dieser Installation.</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal</translation>
  </message>
  <message>
   <source>Trying again soon</source>
   <translation>Gleich neuer Versuch</translation>
  </message>
  <message>
   <source>Used where it is</source>
   <translation>Wird dort verwendet</translation>
  </message>
  <message>
   <source>What has arrived is kept; it goes on from there.</source>
   <translation>Was angekommen ist, bleibt; von dort geht es weiter.</translation>
  </message>
  <message>
   <source>{0} %</source>
   <translation>{0} %</translation>
  </message>
  <message>
   <source>{0} MB/s</source>
   <translation>{0} MB/s</translation>
  </message>
  <message>
   <source>{0} are here</source>
   <translation>{0} sind da</translation>
  </message>
  <message>
   <source>{0} · {1} left</source>
   <translation>{0} · noch {1}</translation>
  </message>
 </context>
 <context>
  <name>opening</name>
  <message>
   <source>Open another copy of it; nothing was changed.</source>
   <translation>Öffne eine andere Kopie davon; nichts wurde verändert.</translation>
  </message>
  <message>
   <source>Requests of the original script go to: infinitetalk render.</source>
   <translation>Aufträge des ursprünglichen Skripts gehören zu: infinitetalk render.</translation>
  </message>
  <message>
   <source>Silent</source>
   <translation>Stumm</translation>
  </message>
  <message>
   <source>This is not a request</source>
   <translation>Das ist kein Auftrag</translation>
  </message>
  <message>
   <source>This project can't be read</source>
   <translation>Dieses Projekt ist nicht lesbar</translation>
  </message>
 </context>
 <context>
  <name>questions</name>
  <message>
   <source>Both</source>
   <translation>Beides</translation>
  </message>
  <message>
   <source>Finished chunks are safe, whatever you choose.</source>
   <translation>Fertige Abschnitte sind sicher, was du auch wählst.</translation>
  </message>
  <message>
   <source>Go on in the background</source>
   <translation>Im Hintergrund weitermachen</translation>
  </message>
  <message>
   <source>Pause after this chunk and quit</source>
   <translation>Nach diesem Abschnitt pausieren und beenden</translation>
  </message>
  <message>
   <source>Picture</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>Rendering</source>
   <translation>Berechnen</translation>
  </message>
  <message>
   <source>Speech</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Stop and quit</source>
   <translation>Anhalten und beenden</translation>
  </message>
  <message>
   <source>Video with sound</source>
   <translation>Video mit Ton</translation>
  </message>
  <message>
   <source>{0} has picture and sound. What should be used?</source>
   <translation>{0} hat Bild und Ton. Was soll verwendet werden?</translation>
  </message>
  <message>
   <source>{0} is being rendered.</source>
   <translation>{0} wird gerade berechnet.</translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message>
   <source>%n finished chunks are safe.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Finished chunks are safe.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What arrived is kept.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} %</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} GB/s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} s</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>session</name>
  <message>
   <source>Add speech</source>
   <translation>Sprache hinzufügen</translation>
  </message>
  <message>
   <source>At {0}: {1}.</source>
   <translation>Bei {0}: {1}.</translation>
  </message>
  <message>
   <source>Choose another take of chunk {0}</source>
   <translation>Andere Fassung von Abschnitt {0} wählen</translation>
  </message>
  <message>
   <source>Chunk {0}</source>
   <translation>Abschnitt {0}</translation>
  </message>
  <message>
   <source>Keep chunk</source>
   <translation>Abschnitt behalten</translation>
  </message>
  <message>
   <source>Keep {0} chunks</source>
   <translation>{0} Abschnitte behalten</translation>
  </message>
  <message>
   <source>Nothing was lost.</source>
   <translation>Nichts ging verloren.</translation>
  </message>
  <message>
   <source>Remove a take of chunk {0}</source>
   <translation>Eine Fassung von Abschnitt {0} entfernen</translation>
  </message>
  <message>
   <source>The job</source>
   <translation>Der Auftrag</translation>
  </message>
  <message>
   <source>The picture plays by the system's clock, without sound.</source>
   <translation>Das Bild läuft nach der Uhr des Systems, ohne Ton.</translation>
  </message>
  <message>
   <source>There is no sound device</source>
   <translation>Es gibt kein Tongerät</translation>
  </message>
  <message>
   <source>Two speakers at most</source>
   <translation>Höchstens zwei Sprecher</translation>
  </message>
  <message>
   <source>silent</source>
   <translation>stumm</translation>
  </message>
  <message>
   <source>{0} ran out of graphics memory once and was tried again</source>
   <translation>{0} hatte einmal zu wenig Grafikspeicher und wurde neu versucht</translation>
  </message>
  <message>
   <source>{0} was not added: the model knows two speakers.</source>
   <translation>{0} wurde nicht hinzugefügt: das Modell kennt zwei Sprecher.</translation>
  </message>
 </context>
 <context>
  <name>units</name>
  <message>
   <source>%1 GB</source>
   <translation>%1 GB</translation>
  </message>
  <message>
   <source>%1 GiB</source>
   <translation>%1 GiB</translation>
  </message>
  <message>
   <source>%1 MiB</source>
   <translation>%1 MiB</translation>
  </message>
  <message>
   <source>%1 days</source>
   <translation>%1 Tage</translation>
  </message>
  <message>
   <source>%1 h %2 min</source>
   <translation>%1 h %2 min</translation>
  </message>
  <message>
   <source>%1 min</source>
   <translation>%1 min</translation>
  </message>
  <message>
   <source>%1 ms</source>
   <translation>%1 ms</translation>
  </message>
  <message>
   <source>%1 s</source>
   <translation>%1 s</translation>
  </message>
 </context>
</TS>
