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
  <name>AreaEditor</name>
  <message>
   <source>the brush is down</source>
   <translation>der Pinsel malt</translation>
  </message>
  <message>
   <source>the brush is up</source>
   <translation>der Pinsel ist abgehoben</translation>
  </message>
  <message>
   <source>{0} is painted: {1} %</source>
   <translation>{0} ist gemalt: {1} %</translation>
  </message>
 </context>
 <context>
  <name>BackgroundRow</name>
  <message>
   <source> dB</source>
   <translation> dB</translation>
  </message>
  <message>
   <source>Background track</source>
   <translation>Hintergrundton</translation>
  </message>
  <message>
   <source>Choose a background track</source>
   <translation>Hintergrundton wählen</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Level of the background track</source>
   <translation>Pegel des Hintergrundtons</translation>
  </message>
  <message>
   <source>No background track</source>
   <translation>Kein Hintergrundton</translation>
  </message>
  <message>
   <source>None</source>
   <translation>Keiner</translation>
  </message>
  <message>
   <source>Sound ({0})</source>
   <translation>Ton ({0})</translation>
  </message>
 </context>
 <context>
  <name>BoxEditor</name>
  <message>
   <source>Keys: A, B choose a speaker, Enter makes a box, arrows move it, Del removes it</source>
   <translation>Tasten: A, B wählen einen Sprecher, Enter macht einen Rahmen, Pfeile bewegen ihn, Entf entfernt ihn</translation>
  </message>
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
  <name>CheckMending</name>
  <message>
   <source>End with source</source>
   <translation>Mit der Quelle enden</translation>
  </message>
  <message>
   <source>Jobs folder…</source>
   <translation>Ordner der Aufträge …</translation>
  </message>
  <message>
   <source>Models…</source>
   <translation>Modelle …</translation>
  </message>
  <message>
   <source>Move to the end instead</source>
   <translation>Stattdessen ans Ende schieben</translation>
  </message>
  <message>
   <source>Open download page</source>
   <translation>Downloadseite öffnen</translation>
  </message>
  <message>
   <source>Other size</source>
   <translation>Andere Größe</translation>
  </message>
  <message>
   <source>Remove it</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Smaller size</source>
   <translation>Kleinere Größe</translation>
  </message>
  <message>
   <source>Use one speaker</source>
   <translation>Einen Sprecher verwenden</translation>
  </message>
  <message>
   <source>Wait for it</source>
   <translation>Darauf warten</translation>
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
   <source>Stop now?</source>
   <translation>Jetzt anhalten?</translation>
  </message>
 </context>
 <context>
  <name>DiagnosticsSheet</name>
  <message>
   <source>Archives (*.zip)</source>
   <translation>Archive (*.zip)</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Diagnostics saved</source>
   <translation>Diagnose gesichert</translation>
  </message>
  <message>
   <source>Keep names, paths and prompts</source>
   <translation>Namen, Pfade und Prompts behalten</translation>
  </message>
  <message>
   <source>Save diagnostics</source>
   <translation>Diagnose sichern</translation>
  </message>
  <message>
   <source>Save…</source>
   <translation>Sichern …</translation>
  </message>
  <message>
   <source>Versions, the machine, messages, logs, and the plan and events of the open job; no picture and no sound. Nothing is sent: the file is yours to pass on.</source>
   <translation>Versionen, der Rechner, Meldungen, Protokolle und Plan und Ereignisse des offenen Auftrags; kein Bild und kein Ton. Nichts wird gesendet: die Datei gibst du selbst weiter.</translation>
  </message>
  <message>
   <source>What will be saved</source>
   <translation>Was gesichert wird</translation>
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
   <translation>
    <numerusform>%n Abschnitt ist noch nicht gerechnet.</numerusform>
    <numerusform>%n Abschnitte sind noch nicht gerechnet.</numerusform>
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
   <translation>Hintergrundton</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Choose a folder for the file</source>
   <translation>Wähle einen Ordner für die Datei</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Chunks that are missing</source>
   <translation>Fehlende Abschnitte</translation>
  </message>
  <message>
   <source>Everything</source>
   <translation>Alles</translation>
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
   <translation>Mit der Quelle füllen</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Format</source>
   <translation>Format</translation>
  </message>
  <message>
   <source>Good</source>
   <translation>Gut</translation>
  </message>
  <message>
   <source>H.264, plays everywhere</source>
   <translation>H.264, läuft überall</translation>
  </message>
  <message>
   <source>H.265, smaller</source>
   <translation>H.265, kleiner</translation>
  </message>
  <message>
   <source>In to out</source>
   <translation>In bis Out</translation>
  </message>
  <message>
   <source>Name a file</source>
   <translation>Nenne eine Datei</translation>
  </message>
  <message>
   <source>Nothing of this part is rendered yet</source>
   <translation>Von diesem Teil ist noch nichts gerechnet</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Teil</translation>
  </message>
  <message>
   <source>Pictures (PNG)</source>
   <translation>Bilder (PNG)</translation>
  </message>
  <message>
   <source>Quality</source>
   <translation>Qualität</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
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
   <translation>Ton (WAV)</translation>
  </message>
  <message>
   <source>Sound ({0})</source>
   <translation>Ton ({0})</translation>
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
   <translation>Bis {0}</translation>
  </message>
  <message>
   <source>Video</source>
   <translation>Video</translation>
  </message>
  <message>
   <source>Video ({0})</source>
   <translation>Video ({0})</translation>
  </message>
  <message>
   <source>Visually lossless</source>
   <translation>Sichtbar verlustfrei</translation>
  </message>
  <message>
   <source>Wait until all are ready, then export</source>
   <translation>Warten, bis alle fertig sind, dann exportieren</translation>
  </message>
  <message>
   <source>What to export</source>
   <translation>Was exportiert wird</translation>
  </message>
  <message>
   <source>about {0}</source>
   <translation>etwa {0}</translation>
  </message>
  <message>
   <source>video</source>
   <translation>Video</translation>
  </message>
  <message>
   <source>{0} is written.</source>
   <translation>Geschrieben wird {0}.</translation>
  </message>
 </context>
 <context>
  <name>Figures</name>
  <message numerus="yes">
   <source>%n blocks resident</source>
   <translation>
    <numerusform>%n Block bleibt auf der Karte</numerusform>
    <numerusform>%n Blöcke bleiben auf der Karte</numerusform>
   </translation>
  </message>
  <message>
   <source>Disk</source>
   <translation>Laufwerk</translation>
  </message>
  <message>
   <source>RAM, highest</source>
   <translation>RAM, höchstens</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>VRAM, highest</source>
   <translation>VRAM, höchstens</translation>
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
   <source>{0} a chunk, ready {1}</source>
   <translation>{0} je Abschnitt, fertig {1}</translation>
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
  <message>
   <source>one-speaker</source>
   <translation>ein-sprecher</translation>
  </message>
  <message>
   <source>two-speakers</source>
   <translation>zwei-sprecher</translation>
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
  <name>JobCompany</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n Abschnitt</numerusform>
    <numerusform>%n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren …</translation>
  </message>
  <message>
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <source>{0} is rendered</source>
   <translation>{0} ist berechnet</translation>
  </message>
  <message>
   <source>{0} needs you</source>
   <translation>{0} braucht dich</translation>
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
   <source>Speed limit</source>
   <translation>Höchsttempo</translation>
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
   <source>%n speakers</source>
   <translation>
    <numerusform>%n Sprecher</numerusform>
    <numerusform>%n Sprecher</numerusform>
   </translation>
  </message>
  <message>
   <source>Add to queue</source>
   <translation>In die Warteschlange</translation>
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
   <source>Everything</source>
   <translation>Alles</translation>
  </message>
  <message>
   <source>In to out</source>
   <translation>Von In bis Out</translation>
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
   <source>Stale only</source>
   <translation>Nur veraltete</translation>
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
   <source>What to render</source>
   <translation>Was berechnet wird</translation>
  </message>
  <message>
   <source>{0} · chunks 1 to {1} · {2}</source>
   <translation>{0} · Abschnitte 1 bis {1} · {2}</translation>
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
   <source>A negative number draws a new one</source>
   <translation>Eine negative Zahl zieht eine neue</translation>
  </message>
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
   <source>New seed</source>
   <translation>Neue Startzahl</translation>
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
  <name>QualityColumn</name>
  <message>
   <source>Adjust</source>
   <translation>Anpassen</translation>
  </message>
  <message>
   <source>Every finished chunk is saved. Stop when you like and go on another night.</source>
   <translation>Jeder fertige Abschnitt ist gesichert. Halte an, wann du willst, und mach in einer anderen Nacht weiter.</translation>
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
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <source>VRAM limit</source>
   <translation>VRAM-Grenze</translation>
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
   <source>not advised on this machine</source>
   <translation>auf diesem Rechner nicht ratsam</translation>
  </message>
  <message>
   <source>with the fast LoRA</source>
   <translation>mit der schnellen LoRA</translation>
  </message>
  <message>
   <source>{0} passes a step</source>
   <translation>{0} Durchgänge je Schritt</translation>
  </message>
  <message>
   <source>{0} steps</source>
   <translation>{0} Schritte</translation>
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
  <message>
   <source>sleep</source>
   <translation>schlafen</translation>
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
  <name>Remedies</name>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n Datei</numerusform>
    <numerusform>%n Dateien</numerusform>
   </translation>
  </message>
  <message>
   <source>Back and forth</source>
   <translation>Hin und zurück</translation>
  </message>
  <message>
   <source>Choose a LoRA</source>
   <translation>LoRA wählen</translation>
  </message>
  <message>
   <source>Choose a file</source>
   <translation>Datei wählen</translation>
  </message>
  <message>
   <source>Choose another folder</source>
   <translation>Anderen Ordner wählen</translation>
  </message>
  <message>
   <source>Choose another folder…</source>
   <translation>Anderen Ordner wählen …</translation>
  </message>
  <message>
   <source>Choose another…</source>
   <translation>Andere wählen …</translation>
  </message>
  <message>
   <source>Choose speech…</source>
   <translation>Sprache wählen …</translation>
  </message>
  <message>
   <source>Download the damaged parts</source>
   <translation>Beschädigte Teile laden</translation>
  </message>
  <message>
   <source>Download two-speaker weights</source>
   <translation>Gewichte für zwei Sprecher laden</translation>
  </message>
  <message>
   <source>Download…</source>
   <translation>Herunterladen …</translation>
  </message>
  <message>
   <source>Empty cache</source>
   <translation>Zwischenspeicher leeren</translation>
  </message>
  <message>
   <source>End with source</source>
   <translation>Mit der Quelle enden</translation>
  </message>
  <message>
   <source>Find it…</source>
   <translation>Suchen …</translation>
  </message>
  <message>
   <source>Find the old one…</source>
   <translation>Die alte suchen …</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Hold last frame</source>
   <translation>Letztes Bild halten</translation>
  </message>
  <message>
   <source>Import another…</source>
   <translation>Andere importieren …</translation>
  </message>
  <message>
   <source>Import…</source>
   <translation>Importieren …</translation>
  </message>
  <message>
   <source>It is meant so</source>
   <translation>So gewollt</translation>
  </message>
  <message>
   <source>Keep blocks on disk</source>
   <translation>Blöcke auf der Platte lassen</translation>
  </message>
  <message>
   <source>Loop</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <source>Miniature model</source>
   <translation>Miniaturmodell</translation>
  </message>
  <message>
   <source>Move job…</source>
   <translation>Auftrag verschieben …</translation>
  </message>
  <message>
   <source>Move models to a faster disk</source>
   <translation>Modelle auf eine schnellere Platte legen</translation>
  </message>
  <message>
   <source>Move to the end instead</source>
   <translation>Stattdessen ans Ende schieben</translation>
  </message>
  <message>
   <source>No window answers</source>
   <translation>Kein Fenster antwortet</translation>
  </message>
  <message>
   <source>Now</source>
   <translation>Jetzt</translation>
  </message>
  <message>
   <source>Open as read-only video</source>
   <translation>Als Video ansehen</translation>
  </message>
  <message>
   <source>Open download page</source>
   <translation>Downloadseite öffnen</translation>
  </message>
  <message>
   <source>Open read-only</source>
   <translation>Nur lesend öffnen</translation>
  </message>
  <message>
   <source>Other address…</source>
   <translation>Andere Adresse …</translation>
  </message>
  <message>
   <source>Other folder…</source>
   <translation>Anderer Ordner …</translation>
  </message>
  <message>
   <source>Other format…</source>
   <translation>Anderes Format …</translation>
  </message>
  <message>
   <source>Other size…</source>
   <translation>Andere Größe …</translation>
  </message>
  <message>
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <source>Process {0} has none, or it is the engine.</source>
   <translation>Prozess {0} hat keines, oder er ist der Rechenteil.</translation>
  </message>
  <message>
   <source>Remove it</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Render anyway, slower</source>
   <translation>Trotzdem rechnen, langsamer</translation>
  </message>
  <message>
   <source>Render these again</source>
   <translation>Diese neu rechnen</translation>
  </message>
  <message>
   <source>Replace…</source>
   <translation>Ersetzen …</translation>
  </message>
  <message>
   <source>Save diagnostics…</source>
   <translation>Diagnose speichern …</translation>
  </message>
  <message>
   <source>Show crop</source>
   <translation>Beschnitt zeigen</translation>
  </message>
  <message>
   <source>Show it</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>Smaller size</source>
   <translation>Kleinere Größe</translation>
  </message>
  <message>
   <source>The cache is empty</source>
   <translation>Der Zwischenspeicher ist leer</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal</translation>
  </message>
  <message>
   <source>Try to repair a copy</source>
   <translation>Kopie reparieren</translation>
  </message>
  <message>
   <source>Update…</source>
   <translation>Aktualisieren …</translation>
  </message>
  <message>
   <source>Use as speech</source>
   <translation>Als Sprache nehmen</translation>
  </message>
  <message>
   <source>Use new</source>
   <translation>Neue nehmen</translation>
  </message>
  <message>
   <source>Use one speaker</source>
   <translation>Einen Sprecher nehmen</translation>
  </message>
  <message>
   <source>Wait for it</source>
   <translation>Darauf warten</translation>
  </message>
  <message>
   <source>What changed</source>
   <translation>Was sich änderte</translation>
  </message>
  <message>
   <source>Where is the old {0}?</source>
   <translation>Wo ist die alte Datei {0}?</translation>
  </message>
  <message>
   <source>Where is {0} now?</source>
   <translation>Wo ist {0} jetzt?</translation>
  </message>
  <message>
   <source>Where the job shall go</source>
   <translation>Wohin der Auftrag soll</translation>
  </message>
 </context>
 <context>
  <name>RemoveSheet</name>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n Datei</numerusform>
    <numerusform>%n Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n jobs need it</source>
   <translation>
    <numerusform>%n Auftrag braucht es</numerusform>
    <numerusform>%n Aufträge brauchen es</numerusform>
   </translation>
  </message>
  <message>
   <source>Can't be looked into, and may need it: {0}.</source>
   <translation>Nicht einsehbar, braucht es vielleicht: {0}.</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Converted</source>
   <translation>Umgewandelt</translation>
  </message>
  <message>
   <source>Free again</source>
   <translation>Wieder frei</translation>
  </message>
  <message>
   <source>From</source>
   <translation>Aus</translation>
  </message>
  <message>
   <source>Goes</source>
   <translation>Entfernt werden</translation>
  </message>
  <message>
   <source>It is another program's and is used where it is. Forget it in the list; this program does not remove it.</source>
   <translation>Es gehört einem anderen Programm und wird benutzt, wo es liegt. In der Liste kann es vergessen werden; entfernt wird es von hier aus nicht.</translation>
  </message>
  <message>
   <source>Jobs go on without it; weights come slower then.</source>
   <translation>Aufträge gehen auch ohne weiter; die Gewichte kommen dann langsamer.</translation>
  </message>
  <message>
   <source>Looking who needs these files…</source>
   <translation>Sieht nach, wer diese Dateien braucht …</translation>
  </message>
  <message>
   <source>No job needs it.</source>
   <translation>Kein Auftrag braucht es.</translation>
  </message>
  <message>
   <source>Nothing of it is here any more.</source>
   <translation>Davon ist nichts mehr hier.</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Remove models</source>
   <translation>Modelle entfernen</translation>
  </message>
  <message>
   <source>Remove what was converted of {0}?</source>
   <translation>Aus {0} Umgewandeltes entfernen?</translation>
  </message>
  <message>
   <source>Remove {0}</source>
   <translation>{0} entfernen</translation>
  </message>
  <message>
   <source>Remove {0}?</source>
   <translation>{0} entfernen?</translation>
  </message>
  <message>
   <source>Removing…</source>
   <translation>Wird entfernt …</translation>
  </message>
  <message>
   <source>Stays</source>
   <translation>Bleibt</translation>
  </message>
  <message>
   <source>This program did not load these, or they have changed since; they stay: {0}. Remove them yourself if you don't need them.</source>
   <translation>Diese hat das Programm nicht geladen, oder sie haben sich seitdem geändert; sie bleiben: {0}. Was nicht gebraucht wird, bitte selbst entfernen.</translation>
  </message>
  <message>
   <source>Without it these can't be used: {0}.</source>
   <translation>Ohne das nicht benutzbar: {0}.</translation>
  </message>
  <message numerus="yes">
   <source>and %n more</source>
   <translation>
    <numerusform>und %n weiterer</numerusform>
    <numerusform>und %n weitere</numerusform>
   </translation>
  </message>
  <message>
   <source>finished; only new takes need it</source>
   <translation>fertig; nur neue Fassungen brauchen es</translation>
  </message>
  <message>
   <source>nothing rendered yet</source>
   <translation>noch nichts gerendert</translation>
  </message>
  <message>
   <source>open for rendering</source>
   <translation>wird gerade gerendert</translation>
  </message>
  <message>
   <source>what it was made of; it can be made again</source>
   <translation>woraus es gemacht ist; es kann neu gemacht werden</translation>
  </message>
  <message>
   <source>{0} is open for rendering. Let it finish, or stop it first.</source>
   <translation>{0} wird gerade gerendert. Erst fertig werden lassen oder anhalten.</translation>
  </message>
  <message>
   <source>{0} of {1} chunks are not rendered</source>
   <translation>{0} von {1} Abschnitte sind nicht gerendert</translation>
  </message>
  <message>
   <source>{0}, made of it and of no use without it</source>
   <translation>{0}, daraus gemacht und ohne das nutzlos</translation>
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
   <source>Address for newer versions</source>
   <translation>Adresse für neuere Versionen</translation>
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
   <source>Keep the computer awake while rendering</source>
   <translation>Den Rechner wach halten, solange gerechnet wird</translation>
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
   <source>No telemetry. Only downloads that you start, and the question for a newer version when you ask it, use the network; they tell nothing about this computer. Pictures, speech and videos stay here.</source>
   <translation>Keine Telemetrie. Nur Downloads, die du startest, und die Frage nach einer neueren Version, wenn du sie stellst, benutzen das Netz; sie verraten nichts über diesen Rechner. Bilder, Sprache und Videos bleiben hier.</translation>
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
   <source>Reduce motion: the live picture stands still</source>
   <translation>Weniger Bewegung: das Livebild steht still</translation>
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
   <source>as this build says</source>
   <translation>wie dieses Paket sie nennt</translation>
  </message>
  <message>
   <source>asked only by Help &gt; Check for a newer version</source>
   <translation>gefragt wird nur über Hilfe &gt; Nach neuerer Version sehen</translation>
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
   <source>Brush</source>
   <translation>Pinsel</translation>
  </message>
  <message>
   <source>Brush size</source>
   <translation>Pinselgröße</translation>
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
   <source>Clear</source>
   <translation>Leeren</translation>
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
   <source>Drag a box around head and shoulders</source>
   <translation>Ziehe einen Rahmen um Kopf und Schultern</translation>
  </message>
  <message>
   <source>Each mouth follows its own speech; the other rests.</source>
   <translation>Jeder Mund folgt seiner eigenen Sprache; der andere ruht.</translation>
  </message>
  <message>
   <source>Eraser</source>
   <translation>Radierer</translation>
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
   <source>Keys: A, B choose a speaker, Enter makes a box, arrows move it</source>
   <translation>Tasten: A, B wählen einen Sprecher, Enter macht einen Rahmen, Pfeile bewegen ihn</translation>
  </message>
  <message>
   <source>Keys: arrows move the brush, Space lowers and raises it, + and − its size</source>
   <translation>Tasten: Pfeile bewegen den Pinsel, Leertaste setzt ihn auf und hebt ihn ab, + und − ändern die Größe</translation>
  </message>
  <message>
   <source>Left and right halves</source>
   <translation>Linke und rechte Hälfte</translation>
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
   <source>Paint over head and shoulders</source>
   <translation>Übermale Kopf und Schultern</translation>
  </message>
  <message>
   <source>Play together, as recorded</source>
   <translation>Zusammen, wie aufgenommen</translation>
  </message>
  <message>
   <source>Redo (Ctrl+Shift+Z)</source>
   <translation>Wiederholen (Strg+Umschalt+Z)</translation>
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
   <source>Undo (Ctrl+Z)</source>
   <translation>Rückgängig (Strg+Z)</translation>
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
   <source>Wipe away what is too much</source>
   <translation>Wische weg, was zu viel ist</translation>
  </message>
  <message>
   <source>a single speaker: the whole picture counts</source>
   <translation>ein einzelner Sprecher: das ganze Bild gilt</translation>
  </message>
  <message>
   <source>counts once the other speaker has an area too</source>
   <translation>gilt, sobald auch der andere Sprecher eine Fläche hat</translation>
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
   <source>painted: {0} % of the picture</source>
   <translation>gemalt: {0} % des Bildes</translation>
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
   <source>{0}: the model sees nothing of it</source>
   <translation>{0}: das Modell sieht davon nichts</translation>
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
  <name>TimelineCommands</name>
  <message>
   <source>Go to</source>
   <translation>Gehe zu</translation>
  </message>
  <message>
   <source>This is no time</source>
   <translation>Das ist keine Zeit</translation>
  </message>
  <message>
   <source>Time (1:02.5), frame (1179) or chunk (c21)</source>
   <translation>Zeit (1:02.5), Bild (1179) oder Abschnitt (c21)</translation>
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
  <name>VersionSheet</name>
  <message>
   <source>Ask again</source>
   <translation>Noch einmal fragen</translation>
  </message>
  <message>
   <source>Asking…</source>
   <translation>Fragt nach …</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Newer version</source>
   <translation>Neuere Version</translation>
  </message>
  <message>
   <source>Nothing is loaded or installed from here.</source>
   <translation>Von hier aus wird nichts geladen oder installiert.</translation>
  </message>
  <message>
   <source>One address is asked what the newest version is. It is told this program's name and version, and nothing about this computer.</source>
   <translation>Eine Adresse wird gefragt, welche Version die neueste ist. Sie erfährt Namen und Version dieses Programms, und nichts über diesen Rechner.</translation>
  </message>
  <message>
   <source>Open its page</source>
   <translation>Seite öffnen</translation>
  </message>
  <message>
   <source>Other address…</source>
   <translation>Andere Adresse …</translation>
  </message>
  <message>
   <source>SHA-256 of the packages</source>
   <translation>SHA-256 der Pakete</translation>
  </message>
  <message>
   <source>There is no newer version</source>
   <translation>Es gibt keine neuere Version</translation>
  </message>
  <message>
   <source>This is {0}.</source>
   <translation>Dies ist {0}.</translation>
  </message>
  <message>
   <source>This is {0}. Projects and models stay where they are.</source>
   <translation>Dies ist {0}. Projekte und Modelle bleiben, wo sie sind.</translation>
  </message>
  <message>
   <source>This is {0}; the newest that is published is {1}.</source>
   <translation>Dies ist {0}; die neueste veröffentlichte ist {1}.</translation>
  </message>
  <message>
   <source>Version {0} is there</source>
   <translation>Version {0} ist da</translation>
  </message>
  <message>
   <source>What is new</source>
   <translation>Was neu ist</translation>
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
   <source>Mark what each of two speakers says with (s1) and (s2); they answer each other in that order.</source>
   <translation>Kennzeichne mit (s1) und (s2), was jeder von zwei Sprechern sagt; sie antworten einander in dieser Reihenfolge.</translation>
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
  <name>_Heading</name>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>State</source>
   <translation>Stand</translation>
  </message>
 </context>
 <context>
  <name>card</name>
  <message>
   <source>Render now</source>
   <translation>Jetzt rechnen</translation>
  </message>
  <message>
   <source>Rendering begins by itself when the card is free.</source>
   <translation>Das Rechnen beginnt von selbst, wenn die Karte frei ist.</translation>
  </message>
  <message>
   <source>Rendering begins by itself when {0} are free.</source>
   <translation>Das Rechnen beginnt von selbst, wenn {0} frei sind.</translation>
  </message>
  <message>
   <source>Waiting for the graphics card</source>
   <translation>Warten auf die Grafikkarte</translation>
  </message>
 </context>
 <context>
  <name>checks</name>
  <message numerus="yes">
   <source>%n speakers</source>
   <translation>
    <numerusform>%n Sprecher</numerusform>
    <numerusform>%n Sprecher</numerusform>
   </translation>
  </message>
  <message>
   <source>25 frames per second; the last one has {0} frames</source>
   <translation>25 Bilder pro Sekunde; der letzte hat {0} Bilder</translation>
  </message>
  <message>
   <source>Looking at this machine</source>
   <translation>Dieser Rechner wird angesehen</translation>
  </message>
  <message>
   <source>Models ready</source>
   <translation>Modelle bereit</translation>
  </message>
  <message numerus="yes">
   <source>Speech makes %n chunks</source>
   <translation>
    <numerusform>Die Sprache ergibt %n Abschnitt</numerusform>
    <numerusform>Die Sprache ergibt %n Abschnitte</numerusform>
   </translation>
  </message>
  <message>
   <source>The engine is starting; figures follow in a moment.</source>
   <translation>Der Rechenteil startet; Zahlen folgen gleich.</translation>
  </message>
  <message>
   <source>{0}, {1}, {2}</source>
   <translation>{0}, {1}, {2}</translation>
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
   <source>Check for a &amp;newer version…</source>
   <translation>&amp;Nach neuerer Version sehen …</translation>
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
   <source>E&amp;xample: one speaker</source>
   <translation>Be&amp;ispiel: ein Sprecher</translation>
  </message>
  <message>
   <source>End</source>
   <translation>Ende</translation>
  </message>
  <message>
   <source>Exa&amp;mple: two speakers</source>
   <translation>Beis&amp;piel: zwei Sprecher</translation>
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
   <source>Smaller size</source>
   <translation>Kleinere Größe</translation>
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
  <name>examples</name>
  <message>
   <source>Left</source>
   <translation>Links</translation>
  </message>
  <message>
   <source>Right</source>
   <translation>Rechts</translation>
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
   <translation>Export läuft</translation>
  </message>
  <message>
   <source>Exporting {0}, {1} %</source>
   <translation>Export von {0}, {1} %</translation>
  </message>
  <message>
   <source>Exports when all chunks are ready</source>
   <translation>Export, sobald alle Abschnitte fertig sind</translation>
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
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>The export was stopped</source>
   <translation>Der Export wurde angehalten</translation>
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
  <name>mending</name>
  <message>
   <source>A repaired copy is used</source>
   <translation>Eine reparierte Kopie wird benutzt</translation>
  </message>
  <message>
   <source>Find {0}</source>
   <translation>{0} gefunden</translation>
  </message>
  <message>
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <source>Replace {0}</source>
   <translation>{0} ersetzen</translation>
  </message>
  <message>
   <source>The finished chunks are a video now</source>
   <translation>Die fertigen Abschnitte sind jetzt ein Video</translation>
  </message>
  <message>
   <source>The job was moved</source>
   <translation>Der Auftrag wurde verschoben</translation>
  </message>
  <message>
   <source>Use {0} as speech</source>
   <translation>{0} als Sprache nehmen</translation>
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
   <source>Here, copied</source>
   <translation>Hier, kopiert</translation>
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
   <source>More about {0}</source>
   <translation>Mehr zu {0}</translation>
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
   <source>Remove what was converted…</source>
   <translation>Umgewandeltes entfernen …</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Entfernen …</translation>
  </message>
  <message>
   <source>Show in folder</source>
   <translation>Im Ordner zeigen</translation>
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
  <message numerus="yes">
   <source>%n finished chunks are safe.</source>
   <translation>
    <numerusform>%n fertiger Abschnitt ist sicher.</numerusform>
    <numerusform>%n fertige Abschnitte sind sicher.</numerusform>
   </translation>
  </message>
  <message>
   <source>(s{speaker:count}) is marked.</source>
   <translation>(s{speaker:count}) ist vermerkt.</translation>
  </message>
  <message>
   <source>580 or newer is needed.</source>
   <translation>580 oder neuer wird gebraucht.</translation>
  </message>
  <message>
   <source>A LoRA does not fit everywhere</source>
   <translation>Ein LoRA passt nicht überall</translation>
  </message>
  <message>
   <source>A LoRA is not there</source>
   <translation>Ein LoRA fehlt</translation>
  </message>
  <message>
   <source>A chunk would not move forward</source>
   <translation>Ein Abschnitt käme nicht voran</translation>
  </message>
  <message>
   <source>A download into this folder is running</source>
   <translation>In diesen Ordner wird schon geladen</translation>
  </message>
  <message>
   <source>A file has changed</source>
   <translation>Eine Datei hat sich geändert</translation>
  </message>
  <message>
   <source>A file has moved</source>
   <translation>Eine Datei ist nicht mehr da</translation>
  </message>
  <message>
   <source>A file is not there</source>
   <translation>Eine Datei fehlt</translation>
  </message>
  <message>
   <source>A file of this job is damaged</source>
   <translation>Eine Datei dieses Auftrags ist beschädigt</translation>
  </message>
  <message>
   <source>A finished chunk is damaged</source>
   <translation>Ein fertiger Abschnitt ist beschädigt</translation>
  </message>
  <message>
   <source>A folder on a disk of this computer is faster.</source>
   <translation>Ein Ordner auf einer Platte dieses Rechners ist schneller.</translation>
  </message>
  <message>
   <source>A job is using these files</source>
   <translation>Ein Auftrag benutzt diese Dateien</translation>
  </message>
  <message>
   <source>A model file is in use</source>
   <translation>Eine Modelldatei wird benutzt</translation>
  </message>
  <message>
   <source>A part of it is left out.</source>
   <translation>Ein Teil davon wird weggelassen.</translation>
  </message>
  <message>
   <source>A setting can't be used</source>
   <translation>Eine Einstellung ist nicht möglich</translation>
  </message>
  <message>
   <source>A speaker's box is outside the picture</source>
   <translation>Das Feld eines Sprechers liegt außerhalb des Bildes</translation>
  </message>
  <message>
   <source>A speaker's box is very small</source>
   <translation>Das Feld eines Sprechers ist sehr klein</translation>
  </message>
  <message>
   <source>A text has words that the text encoder does not know.</source>
   <translation>Ein Text hat Wörter, die der Textencoder nicht kennt.</translation>
  </message>
  <message>
   <source>A token is one word of letters and digits, such as hf_…</source>
   <translation>Ein Schlüssel ist ein Wort aus Buchstaben und Ziffern, etwa hf_ …</translation>
  </message>
  <message>
   <source>A weights file is damaged</source>
   <translation>Eine Gewichtsdatei ist beschädigt</translation>
  </message>
  <message>
   <source>A weights file is missing</source>
   <translation>Eine Gewichtsdatei fehlt</translation>
  </message>
  <message>
   <source>About {seconds:time}, {chunk_seconds:time} a chunk.</source>
   <translation>Etwa {seconds:time}, {chunk_seconds:time} je Abschnitt.</translation>
  </message>
  <message>
   <source>About {seconds:time}.</source>
   <translation>Etwa {seconds:time}.</translation>
  </message>
  <message>
   <source>Add a fast LoRA, or raise the steps.</source>
   <translation>Nimm ein schnelles LoRA hinzu oder mehr Schritte.</translation>
  </message>
  <message>
   <source>Add a source and a speech track.</source>
   <translation>Füge Quelle und Sprache hinzu.</translation>
  </message>
  <message>
   <source>An NVIDIA card is built in, but its driver does not answer.</source>
   <translation>Eine NVIDIA-Karte ist eingebaut, aber ihr Treiber antwortet nicht.</translation>
  </message>
  <message>
   <source>Another file has this name</source>
   <translation>Eine andere Datei hat diesen Namen</translation>
  </message>
  <message>
   <source>Another program has it open.</source>
   <translation>Ein anderes Programm hat es offen.</translation>
  </message>
  <message>
   <source>Another program uses the card</source>
   <translation>Ein anderes Programm benutzt die Karte</translation>
  </message>
  <message>
   <source>Ask its owner for the right to read it, or for a copy.</source>
   <translation>Bitte ihren Besitzer um das Leserecht oder um eine Kopie.</translation>
  </message>
  <message>
   <source>At least one frame (0.04 s) is needed.</source>
   <translation>Mindestens ein Bild (0,04 s) ist nötig.</translation>
  </message>
  <message>
   <source>Camera movement is imitated</source>
   <translation>Kamerabewegung wird nachgeahmt</translation>
  </message>
  <message>
   <source>Change its rights, or copy it to a folder of your own.</source>
   <translation>Ändere ihre Rechte, oder kopiere sie in einen eigenen Ordner.</translation>
  </message>
  <message>
   <source>Change that value.</source>
   <translation>Ändere diesen Wert.</translation>
  </message>
  <message>
   <source>Check that no face is cut, or choose another size.</source>
   <translation>Prüfe, ob ein Gesicht beschnitten wird, oder wähle eine andere Größe.</translation>
  </message>
  <message>
   <source>Check the address and the proxy, and the clock of this computer.</source>
   <translation>Adresse, Proxy und die Uhr dieses Rechners prüfen.</translation>
  </message>
  <message>
   <source>Check the address in the settings, and whether a login page of the network is in the way.</source>
   <translation>Die Adresse in den Einstellungen prüfen, und ob eine Anmeldeseite des Netzes dazwischen ist.</translation>
  </message>
  <message>
   <source>Check the address in the settings, or look where you got this program from.</source>
   <translation>Die Adresse in den Einstellungen prüfen, oder dort nachsehen, woher das Programm kam.</translation>
  </message>
  <message>
   <source>Check the address, and whether a login page of the network is in the way.</source>
   <translation>Prüfe die Adresse und ob eine Anmeldeseite des Netzes im Weg ist.</translation>
  </message>
  <message>
   <source>Check the address, or name another one.</source>
   <translation>Die Adresse prüfen oder eine andere nennen.</translation>
  </message>
  <message>
   <source>Check the disk and its cable, or move the job to another disk.</source>
   <translation>Prüfe die Platte und ihr Kabel, oder verschiebe den Auftrag auf eine andere.</translation>
  </message>
  <message>
   <source>Check the models; the list says which file is wrong.</source>
   <translation>Prüfe die Modelle; die Liste sagt, welche Datei falsch ist.</translation>
  </message>
  <message>
   <source>Check the proxy in the settings, or import the file.</source>
   <translation>Den Proxy in den Einstellungen prüfen, oder die Datei importieren.</translation>
  </message>
  <message>
   <source>Check the rights of the folder, and whether its drive is connected.</source>
   <translation>Prüfe die Rechte des Ordners und ob sein Laufwerk verbunden ist.</translation>
  </message>
  <message>
   <source>Choose a faster preset, fewer steps or a smaller size, or render a part first.</source>
   <translation>Wähle eine schnellere Voreinstellung, weniger Schritte oder eine kleinere Größe, oder rechne erst einen Teil.</translation>
  </message>
  <message>
   <source>Choose a file inside it.</source>
   <translation>Wähle eine Datei darin.</translation>
  </message>
  <message>
   <source>Choose a file with speech.</source>
   <translation>Wähle eine Datei mit Sprache.</translation>
  </message>
  <message>
   <source>Choose a folder on another disk, if there is one.</source>
   <translation>Wähle einen Ordner auf einer anderen Platte, falls es eine gibt.</translation>
  </message>
  <message>
   <source>Choose a folder on another drive (NTFS, exFAT or a Linux file system).</source>
   <translation>Wähle einen Ordner auf einem anderen Laufwerk (NTFS, exFAT oder ein Linux-Dateisystem).</translation>
  </message>
  <message>
   <source>Choose a longer recording.</source>
   <translation>Wähle eine längere Aufnahme.</translation>
  </message>
  <message>
   <source>Choose an 8-bit model, and close other programs while rendering.</source>
   <translation>Wähle ein 8-Bit-Modell, und schließe beim Rechnen andere Programme.</translation>
  </message>
  <message>
   <source>Choose another file, or open it in a media player and save it again.</source>
   <translation>Wähle eine andere Datei, oder öffne sie in einem Abspielprogramm und speichere sie neu.</translation>
  </message>
  <message>
   <source>Choose another file.</source>
   <translation>Wähle eine andere Datei.</translation>
  </message>
  <message>
   <source>Choose another file; if it was downloaded, the address may have led to a web page.</source>
   <translation>Wähle eine andere Datei; wurde sie geladen, führte die Adresse vielleicht auf eine Webseite.</translation>
  </message>
  <message>
   <source>Choose another folder or another format.</source>
   <translation>Wähle einen anderen Ordner oder ein anderes Format.</translation>
  </message>
  <message>
   <source>Choose another folder, or let it be replaced.</source>
   <translation>Wähle einen anderen Ordner, oder lass sie ersetzen.</translation>
  </message>
  <message>
   <source>Choose another folder.</source>
   <translation>Wähle einen anderen Ordner.</translation>
  </message>
  <message>
   <source>Choose another job folder, or go on with this one.</source>
   <translation>Wähle einen anderen Auftragsordner, oder mach mit diesem weiter.</translation>
  </message>
  <message>
   <source>Choose another job folder, or render with the job's own settings.</source>
   <translation>Wähle einen anderen Auftragsordner, oder rechne mit dessen Einstellungen.</translation>
  </message>
  <message>
   <source>Choose another name.</source>
   <translation>Wähle einen anderen Namen.</translation>
  </message>
  <message>
   <source>Choose another one.</source>
   <translation>Wähle etwas anderes.</translation>
  </message>
  <message>
   <source>Choose another range.</source>
   <translation>Wähle einen anderen Bereich.</translation>
  </message>
  <message>
   <source>Choose another recording, unless it is meant so.</source>
   <translation>Wähle eine andere Aufnahme, wenn es nicht so gewollt ist.</translation>
  </message>
  <message>
   <source>Choose fewer motion frames or longer chunks.</source>
   <translation>Wähle weniger Bewegungsbilder oder längere Abschnitte.</translation>
  </message>
  <message>
   <source>Choose models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth.</source>
   <translation>Wähle models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth.</translation>
  </message>
  <message>
   <source>Choose models_t5_umt5-xxl-enc-bf16.pth, or a quantized version of it.</source>
   <translation>Wähle models_t5_umt5-xxl-enc-bf16.pth oder eine quantisierte Fassung davon.</translation>
  </message>
  <message>
   <source>Choose one of its takes.</source>
   <translation>Wähle eine seiner Fassungen.</translation>
  </message>
  <message>
   <source>Choose one, or try the miniature.</source>
   <translation>Wähle eines, oder versuche das Miniaturmodell.</translation>
  </message>
  <message>
   <source>Choose that model, or start a new job.</source>
   <translation>Wähle jenes Modell, oder beginne einen neuen Auftrag.</translation>
  </message>
  <message>
   <source>Choose the LoRA file again, or leave it out.</source>
   <translation>Wähle die LoRA-Datei neu, oder lass sie weg.</translation>
  </message>
  <message>
   <source>Choose the file that is named in the list of models.</source>
   <translation>Wähle die Datei, die in der Liste der Modelle genannt ist.</translation>
  </message>
  <message>
   <source>Choose the folder of a job; its name usually ends in .job.</source>
   <translation>Wähle den Ordner eines Auftrags; sein Name endet meist auf .job.</translation>
  </message>
  <message>
   <source>Choose the folder of chinese-wav2vec2-base.</source>
   <translation>Wähle den Ordner von chinese-wav2vec2-base.</translation>
  </message>
  <message>
   <source>Choose the image-to-video weights.</source>
   <translation>Wähle die Gewichte für Bild zu Video.</translation>
  </message>
  <message>
   <source>Choose the model in the project.</source>
   <translation>Wähle das Modell im Projekt.</translation>
  </message>
  <message>
   <source>Choose what follows: hold the last frame, loop, back and forth, or end there.</source>
   <translation>Wähle, was folgt: letztes Bild halten, wiederholen, hin und zurück oder dort enden.</translation>
  </message>
  <message>
   <source>Chunk {chunk:chunk} has no take of that name.</source>
   <translation>Abschnitt {chunk:chunk} hat keine solche Fassung.</translation>
  </message>
  <message>
   <source>Chunk {chunk:chunk}: graphics memory ran out while {stage}; {change}. Nothing was lost.</source>
   <translation>Abschnitt {chunk:chunk}: Grafikspeicher reichte nicht ({stage}); {change}. Nichts ging verloren.</translation>
  </message>
  <message>
   <source>Chunk {chunk:chunk}: its files are not what they were when it was stored.</source>
   <translation>Abschnitt {chunk:chunk}: seine Dateien sind nicht mehr, was gespeichert wurde.</translation>
  </message>
  <message>
   <source>Chunk {follower:chunk} is kept and was built on it.</source>
   <translation>Abschnitt {follower:chunk} wird behalten und baut darauf auf.</translation>
  </message>
  <message>
   <source>Chunks {chunks:chunks}: their checksums differ.</source>
   <translation>Abschnitte {chunks:chunks}: ihre Prüfsummen stimmen nicht.</translation>
  </message>
  <message>
   <source>Close it, wait for it, or render anyway, slower.</source>
   <translation>Schließe es, warte, oder rechne trotzdem, langsamer.</translation>
  </message>
  <message>
   <source>Close other programs that use the card, or choose a smaller size.</source>
   <translation>Schließe andere Programme, die die Karte benutzen, oder wähle eine kleinere Größe.</translation>
  </message>
  <message>
   <source>Close other programs, or choose 8-bit weights.</source>
   <translation>Schließe andere Programme, oder wähle 8-Bit-Gewichte.</translation>
  </message>
  <message>
   <source>Close other programs, or choose a smaller size or precision.</source>
   <translation>Schließe andere Programme, oder wähle eine kleinere Größe oder Genauigkeit.</translation>
  </message>
  <message>
   <source>Code {exit_code}, probably ended by the system for lack of RAM; chunk {chunk:chunk} is lost.</source>
   <translation>Code {exit_code}, wahrscheinlich vom System beendet, weil RAM fehlte; Abschnitt {chunk:chunk} ist verloren.</translation>
  </message>
  <message>
   <source>Code {exit_code}, probably ended by the system for lack of RAM; chunk {chunk:chunk} is rendered again.</source>
   <translation>Code {exit_code}, wahrscheinlich vom System beendet, weil RAM fehlte; Abschnitt {chunk:chunk} wird neu berechnet.</translation>
  </message>
  <message>
   <source>Code {exit_code}.</source>
   <translation>Code {exit_code}.</translation>
  </message>
  <message>
   <source>Code {exit_code}; chunk {chunk:chunk} is lost.</source>
   <translation>Code {exit_code}; Abschnitt {chunk:chunk} ist verloren.</translation>
  </message>
  <message>
   <source>Code {exit_code}; chunk {chunk:chunk} is rendered again.</source>
   <translation>Code {exit_code}; Abschnitt {chunk:chunk} wird neu berechnet.</translation>
  </message>
  <message>
   <source>Connect it, or import the file.</source>
   <translation>Verbinden, oder die Datei importieren.</translation>
  </message>
  <message>
   <source>Connect it, then try again.</source>
   <translation>Verbinden, dann noch einmal versuchen.</translation>
  </message>
  <message>
   <source>Convert the sound file to WAV again.</source>
   <translation>Wandle die Tondatei neu in WAV um.</translation>
  </message>
  <message>
   <source>Copy it again from the settings of your account.</source>
   <translation>Kopiere ihn neu aus den Einstellungen deines Kontos.</translation>
  </message>
  <message>
   <source>Copy or download it again, or choose another file.</source>
   <translation>Kopieren oder lade sie neu, oder wähle eine andere.</translation>
  </message>
  <message>
   <source>Correct it in the settings, or leave it empty.</source>
   <translation>In den Einstellungen berichtigen oder leer lassen.</translation>
  </message>
  <message>
   <source>Correct it, or leave it empty.</source>
   <translation>Berichtige sie, oder lass sie leer.</translation>
  </message>
  <message>
   <source>Download it again.</source>
   <translation>Lade sie neu.</translation>
  </message>
  <message>
   <source>Download it, or name the folder that has it.</source>
   <translation>Lade sie, oder nenne den Ordner, der sie hat.</translation>
  </message>
  <message>
   <source>Download the damaged parts.</source>
   <translation>Lade die beschädigten Teile neu.</translation>
  </message>
  <message>
   <source>Download the folder google/umt5-xxl of the model again.</source>
   <translation>Lade den Ordner google/umt5-xxl des Modells neu.</translation>
  </message>
  <message>
   <source>Download the missing parts, or import them.</source>
   <translation>Laden oder importiere die fehlenden Teile.</translation>
  </message>
  <message>
   <source>Draw it around the whole face.</source>
   <translation>Zieh es um das ganze Gesicht.</translation>
  </message>
  <message>
   <source>Each chunk has {chunk_frames:count} frames and repeats {motion_frames:count} of the one before.</source>
   <translation>Jeder Abschnitt hat {chunk_frames:count} Bilder und wiederholt {motion_frames:count} des vorigen.</translation>
  </message>
  <message>
   <source>Edit it while it runs, or stop it first.</source>
   <translation>Bearbeite ihn, während er läuft, oder halte ihn erst an.</translation>
  </message>
  <message>
   <source>Few steps without a fast LoRA</source>
   <translation>Wenige Schritte ohne schnelles LoRA</translation>
  </message>
  <message>
   <source>Find it, or put it back.</source>
   <translation>Suche sie, oder lege sie zurück.</translation>
  </message>
  <message>
   <source>Finished chunks are damaged</source>
   <translation>Fertige Abschnitte sind beschädigt</translation>
  </message>
  <message>
   <source>Finished chunks are safe.</source>
   <translation>Fertige Abschnitte sind sicher.</translation>
  </message>
  <message>
   <source>For exact comparison they must be equally long.</source>
   <translation>Für den genauen Vergleich müssen sie gleich lang sein.</translation>
  </message>
  <message>
   <source>Found: {found}. The big model needs an NVIDIA card of the RTX 20 series or newer.</source>
   <translation>Gefunden: {found}. Das große Modell braucht eine NVIDIA-Karte ab der Reihe RTX 20.</translation>
  </message>
  <message>
   <source>Free some space, choose a folder on another disk, or a smaller precision.</source>
   <translation>Schaffe Platz, wähle einen Ordner auf einer anderen Platte oder eine kleinere Genauigkeit.</translation>
  </message>
  <message>
   <source>Free some space, keep the job on another disk, or choose a smaller size.</source>
   <translation>Schaffe Platz, lege den Auftrag auf eine andere Platte, oder wähle eine kleinere Größe.</translation>
  </message>
  <message>
   <source>Free some space, or check the rights of the folder.</source>
   <translation>Schaffe Platz, oder prüfe die Rechte des Ordners.</translation>
  </message>
  <message>
   <source>Free some space, or choose a folder on another disk.</source>
   <translation>Schaffe Platz, oder wähle einen Ordner auf einer anderen Platte.</translation>
  </message>
  <message>
   <source>Free some space, or move the job to another disk; then go on.</source>
   <translation>Schaffe Platz, oder verschiebe den Auftrag auf eine andere Platte; dann geht es weiter.</translation>
  </message>
  <message>
   <source>FusioniX in a long video</source>
   <translation>FusioniX in einem langen Video</translation>
  </message>
  <message>
   <source>Give one or two, or make several videos.</source>
   <translation>Gib einen oder zwei an, oder mach mehrere Videos.</translation>
  </message>
  <message>
   <source>Graphics memory ran out; smaller pieces are used from here on. Nothing was lost.</source>
   <translation>Der Grafikspeicher reichte nicht; ab hier wird in kleineren Stücken gerechnet. Nichts ging verloren.</translation>
  </message>
  <message>
   <source>If it has been moved or renamed, choose it again.</source>
   <translation>Wurde sie verschoben oder umbenannt, wähle sie neu.</translation>
  </message>
  <message>
   <source>If the file is on a network drive, copy it to a local disk and try again.</source>
   <translation>Liegt die Datei auf einem Netzlaufwerk, kopiere sie auf eine eigene Platte und versuche es noch einmal.</translation>
  </message>
  <message>
   <source>Install NVIDIA's driver, then start again. Until then the miniature model works on the CPU.</source>
   <translation>Installiere den Treiber von NVIDIA, dann starte neu. Bis dahin läuft das Miniaturmodell auf dem Prozessor.</translation>
  </message>
  <message>
   <source>Install espeak-ng or piper, or choose another voice.</source>
   <translation>Installiere espeak-ng oder piper, oder wähle eine andere Stimme.</translation>
  </message>
  <message>
   <source>Install the current driver, then start again.</source>
   <translation>Installiere den aktuellen Treiber, dann starte neu.</translation>
  </message>
  <message>
   <source>Install the program again.</source>
   <translation>Installiere das Programm neu.</translation>
  </message>
  <message>
   <source>Install the version for graphics cards.</source>
   <translation>Installiere die Fassung für Grafikkarten.</translation>
  </message>
  <message>
   <source>It begins after the end of the video.</source>
   <translation>Er beginnt nach dem Ende des Videos.</translation>
  </message>
  <message>
   <source>It goes on by itself.</source>
   <translation>Es geht von selbst weiter.</translation>
  </message>
  <message>
   <source>It has ended, or was never asked for.</source>
   <translation>Sie ist zu Ende oder wurde nie verlangt.</translation>
  </message>
  <message>
   <source>It has format {found}; this program reads up to {newest}. Nothing was changed.</source>
   <translation>Er hat Format {found}; dieses Programm liest bis {newest}. Nichts wurde geändert.</translation>
  </message>
  <message>
   <source>It has values that are not numbers, from {seconds:length} on.</source>
   <translation>Ab {seconds:length} hat sie Werte, die keine Zahlen sind.</translation>
  </message>
  <message>
   <source>It has {frames:count} frames; {needed:count} are needed.</source>
   <translation>Sie hat {frames:count} Bilder; {needed:count} sind nötig.</translation>
  </message>
  <message>
   <source>It holds another network.</source>
   <translation>Sie enthält ein anderes Netz.</translation>
  </message>
  <message>
   <source>It is being rendered or waits for its turn.</source>
   <translation>Er wird gerechnet oder wartet, bis er dran ist.</translation>
  </message>
  <message>
   <source>It is fast and pretty, but colors shift after a minute and the face changes.</source>
   <translation>Es ist schnell und hübsch, aber nach einer Minute verschieben sich die Farben und das Gesicht ändert sich.</translation>
  </message>
  <message>
   <source>It is not whole, or its contents were changed.</source>
   <translation>Sie ist nicht vollständig, oder ihr Inhalt wurde geändert.</translation>
  </message>
  <message>
   <source>It is read by time, so sound and picture stay in step.</source>
   <translation>Sie wird nach der Zeit gelesen, so bleiben Ton und Bild beieinander.</translation>
  </message>
  <message>
   <source>It lasts {seconds:length}; one frame takes 0.04 s.</source>
   <translation>Sie dauert {seconds:length}; ein Bild dauert 0,04 s.</translation>
  </message>
  <message>
   <source>It must begin with https:// and name a server, without name and password.</source>
   <translation>Sie muss mit https:// beginnen und einen Server nennen, ohne Namen und Passwort.</translation>
  </message>
  <message>
   <source>It must look like https://host or http://host:port.</source>
   <translation>Sie muss aussehen wie https://host oder http://host:port.</translation>
  </message>
  <message>
   <source>It unpacks fp8 weights to compute: they save memory, not time.</source>
   <translation>Sie packt fp8-Gewichte zum Rechnen aus: das spart Speicher, keine Zeit.</translation>
  </message>
  <message>
   <source>It was asked for and has not ended.</source>
   <translation>Sie wurde verlangt und ist noch nicht zu Ende.</translation>
  </message>
  <message>
   <source>It was made for another transformer.</source>
   <translation>Es wurde für einen anderen Transformer gemacht.</translation>
  </message>
  <message>
   <source>Its description names another kind of model than wav2vec2.</source>
   <translation>Seine Beschreibung nennt eine andere Art Modell als wav2vec2.</translation>
  </message>
  <message>
   <source>Its driver was reset at chunk {chunk:chunk}, step {step:chunk}.</source>
   <translation>Ihr Treiber wurde bei Abschnitt {chunk:chunk}, Schritt {step:chunk} zurückgesetzt.</translation>
  </message>
  <message>
   <source>Its driver was reset at chunk {chunk:chunk}, step {step:chunk}. It is not the first time: power supply, heat and overclocking are the usual causes.</source>
   <translation>Ihr Treiber wurde bei Abschnitt {chunk:chunk}, Schritt {step:chunk} zurückgesetzt. Es ist nicht das erste Mal: meist liegt es an Netzteil, Hitze oder Übertakten.</translation>
  </message>
  <message>
   <source>Its driver was reset.</source>
   <translation>Ihr Treiber wurde zurückgesetzt.</translation>
  </message>
  <message>
   <source>Its files are not what they were when it was stored.</source>
   <translation>Seine Dateien sind nicht mehr, was gespeichert wurde.</translation>
  </message>
  <message>
   <source>Its note of the model is gone.</source>
   <translation>Sein Vermerk über das Modell fehlt.</translation>
  </message>
  <message>
   <source>Its program took too long.</source>
   <translation>Ihr Programm brauchte zu lange.</translation>
  </message>
  <message>
   <source>Let it finish, or stop it; then remove the files.</source>
   <translation>Fertig werden lassen oder anhalten; dann die Dateien entfernen.</translation>
  </message>
  <message>
   <source>Let that end, or stop it; then remove the file.</source>
   <translation>Das beenden lassen oder anhalten; dann die Datei entfernen.</translation>
  </message>
  <message>
   <source>Little memory (RAM)</source>
   <translation>Wenig Arbeitsspeicher (RAM)</translation>
  </message>
  <message>
   <source>Little space on the system drive</source>
   <translation>Wenig Platz auf dem Systemlaufwerk</translation>
  </message>
  <message>
   <source>Long video from a still picture</source>
   <translation>Langes Video aus einem Standbild</translation>
  </message>
  <message>
   <source>Look at the list of models once more.</source>
   <translation>Die Liste der Modelle noch einmal ansehen.</translation>
  </message>
  <message>
   <source>Look for it in another folder; it may have been moved or renamed.</source>
   <translation>Suche es in einem anderen Ordner; vielleicht wurde es verschoben oder umbenannt.</translation>
  </message>
  <message>
   <source>Look where you got this program from, or enter an address in the settings.</source>
   <translation>Dort nachsehen, woher das Programm kam, oder in den Einstellungen eine Adresse eintragen.</translation>
  </message>
  <message>
   <source>Make it smaller; the video is rendered from about 900 × 450 pixels anyway.</source>
   <translation>Verkleinere es; das Video wird ohnehin aus etwa 900 × 450 Bildpunkten gerechnet.</translation>
  </message>
  <message>
   <source>More steps than the LoRA needs</source>
   <translation>Mehr Schritte, als das LoRA braucht</translation>
  </message>
  <message>
   <source>Move it to the right.</source>
   <translation>Schiebe sie nach rechts.</translation>
  </message>
  <message>
   <source>Move the box onto the speaker's face, or choose another size.</source>
   <translation>Schiebe das Feld auf das Gesicht des Sprechers, oder wähle eine andere Größe.</translation>
  </message>
  <message>
   <source>Move the models to a faster disk, or free some RAM.</source>
   <translation>Lege die Modelle auf eine schnellere Platte, oder mach RAM frei.</translation>
  </message>
  <message>
   <source>Move the track, if its speech belongs elsewhere.</source>
   <translation>Verschiebe die Spur, wenn ihre Sprache woanders hingehört.</translation>
  </message>
  <message>
   <source>Music weakens lip-sync</source>
   <translation>Musik schwächt die Lippenbewegung</translation>
  </message>
  <message>
   <source>Name another address, or check memory and disk of this machine.</source>
   <translation>Nenne eine andere Adresse, oder prüfe Speicher und Platte dieses Rechners.</translation>
  </message>
  <message>
   <source>Name another address, or use a newer version of this program.</source>
   <translation>Nenne eine andere Adresse, oder nimm eine neuere Fassung dieses Programms.</translation>
  </message>
  <message>
   <source>Neither the project nor the settings say which model to use.</source>
   <translation>Weder das Projekt noch die Einstellungen sagen, welches Modell zu nehmen ist.</translation>
  </message>
  <message>
   <source>No address for newer versions came with it.</source>
   <translation>Eine Adresse für neuere Versionen ist nicht dabei.</translation>
  </message>
  <message>
   <source>No model is chosen</source>
   <translation>Kein Modell ist gewählt</translation>
  </message>
  <message>
   <source>No model was found.</source>
   <translation>Es wurde kein Modell gefunden.</translation>
  </message>
  <message>
   <source>No usable graphics card</source>
   <translation>Keine brauchbare Grafikkarte</translation>
  </message>
  <message>
   <source>None was found. The big model needs an NVIDIA card of the RTX 20 series or newer.</source>
   <translation>Es wurde keine gefunden. Das große Modell braucht eine NVIDIA-Karte ab der Reihe RTX 20.</translation>
  </message>
  <message>
   <source>Not all chunks are ready.</source>
   <translation>Nicht alle Abschnitte sind fertig.</translation>
  </message>
  <message>
   <source>Not all of the speech is used</source>
   <translation>Nicht die ganze Sprache wird benutzt</translation>
  </message>
  <message>
   <source>Not enough disk space</source>
   <translation>Zu wenig Platz auf der Platte</translation>
  </message>
  <message>
   <source>Not enough graphics memory</source>
   <translation>Zu wenig Grafikspeicher</translation>
  </message>
  <message>
   <source>Not enough memory (RAM)</source>
   <translation>Zu wenig Arbeitsspeicher (RAM)</translation>
  </message>
  <message>
   <source>Nothing half done is left.</source>
   <translation>Nichts Halbfertiges bleibt zurück.</translation>
  </message>
  <message>
   <source>Nothing is left of this speech</source>
   <translation>Von dieser Sprache bleibt nichts übrig</translation>
  </message>
  <message>
   <source>Nothing moved for two minutes.</source>
   <translation>Zwei Minuten lang rührte sich nichts.</translation>
  </message>
  <message>
   <source>Nothing was changed.</source>
   <translation>Nichts wurde geändert.</translation>
  </message>
  <message>
   <source>One is {seconds:length} shorter: silence is added at the end.</source>
   <translation>Eine ist {seconds:length} kürzer: am Ende kommt Stille hinzu.</translation>
  </message>
  <message>
   <source>One of the values is out of its range.</source>
   <translation>Einer der Werte liegt außerhalb seines Bereichs.</translation>
  </message>
  <message>
   <source>One prompt for all chunks</source>
   <translation>Ein Prompt für alle Abschnitte</translation>
  </message>
  <message>
   <source>One source frame per chunk conditions the video; a moving camera is not copied.</source>
   <translation>Ein Quellbild je Abschnitt bestimmt das Video; eine bewegte Kamera wird nicht übernommen.</translation>
  </message>
  <message>
   <source>Open in another window</source>
   <translation>In einem anderen Fenster offen</translation>
  </message>
  <message>
   <source>Open its page in a browser, accept what it asks for, then try again.</source>
   <translation>Öffne ihre Seite im Browser, nimm an, was sie verlangt, dann noch einmal.</translation>
  </message>
  <message>
   <source>Part of the weights stays on disk</source>
   <translation>Ein Teil der Gewichte bleibt auf der Platte</translation>
  </message>
  <message>
   <source>Put it back, or open the job where it is now.</source>
   <translation>Lege ihn zurück, oder öffne den Auftrag dort, wo er jetzt ist.</translation>
  </message>
  <message>
   <source>Raise the limit of frames, or choose what follows the end of the source.</source>
   <translation>Erhöhe die Grenze der Bilder, oder wähle, was nach dem Ende der Quelle folgt.</translation>
  </message>
  <message>
   <source>Reading or writing a media file was given up</source>
   <translation>Lesen oder Schreiben einer Mediendatei wurde aufgegeben</translation>
  </message>
  <message>
   <source>Redo chunk {follower:chunk}, or leave the take where it is.</source>
   <translation>Rechne Abschnitt {follower:chunk} neu, oder lass die Fassung, wo sie ist.</translation>
  </message>
  <message>
   <source>Redo that chunk, or leave the take where it is.</source>
   <translation>Rechne jenen Abschnitt neu, oder lass die Fassung, wo sie ist.</translation>
  </message>
  <message>
   <source>Remove it, or choose a LoRA made for Wan2.1 14B.</source>
   <translation>Entferne es, oder wähle ein LoRA für Wan2.1 14B.</translation>
  </message>
  <message>
   <source>Remove the file; it is made again from the speech.</source>
   <translation>Lösche die Datei; sie wird aus der Sprache neu gemacht.</translation>
  </message>
  <message>
   <source>Render it again.</source>
   <translation>Rechne ihn neu.</translation>
  </message>
  <message>
   <source>Render it first.</source>
   <translation>Rechne ihn zuerst.</translation>
  </message>
  <message>
   <source>Render the rest first, or export what is there.</source>
   <translation>Rechne erst den Rest, oder exportiere, was da ist.</translation>
  </message>
  <message>
   <source>Render these again.</source>
   <translation>Rechne diese neu.</translation>
  </message>
  <message>
   <source>Render this chunk again.</source>
   <translation>Rechne diesen Abschnitt neu.</translation>
  </message>
  <message>
   <source>Render without exact comparison.</source>
   <translation>Rechne ohne genauen Vergleich.</translation>
  </message>
  <message>
   <source>Rendered again with less memory</source>
   <translation>Mit weniger Speicher noch einmal gerechnet</translation>
  </message>
  <message>
   <source>Restore the file from a copy, or start the job in another folder.</source>
   <translation>Hole die Datei aus einer Kopie zurück, oder beginne den Auftrag in einem anderen Ordner.</translation>
  </message>
  <message>
   <source>Save an access token of your account on the page of models.</source>
   <translation>Speichere auf der Modellseite einen Zugangsschlüssel deines Kontos.</translation>
  </message>
  <message>
   <source>Save it as PNG, JPEG or MP4 with the program that made it.</source>
   <translation>Speichere sie als PNG, JPEG oder MP4 mit dem Programm, das sie gemacht hat.</translation>
  </message>
  <message>
   <source>Set text guidance to 1.</source>
   <translation>Setze die Textführung auf 1.</translation>
  </message>
  <message>
   <source>Set the variable INFINITETALK_HUB_TOKEN for the one download that needs it.</source>
   <translation>Für den einen Download, der es braucht, die Variable INFINITETALK_HUB_TOKEN setzen.</translation>
  </message>
  <message>
   <source>Show that window, or open it read-only here.</source>
   <translation>Zeig jenes Fenster, oder öffne es hier nur lesend.</translation>
  </message>
  <message>
   <source>Some chunks are missing</source>
   <translation>Einige Abschnitte fehlen</translation>
  </message>
  <message>
   <source>Something is missing</source>
   <translation>Etwas fehlt</translation>
  </message>
  <message>
   <source>Source or speech is not given.</source>
   <translation>Quelle oder Sprache ist nicht angegeben.</translation>
  </message>
  <message>
   <source>Speech is shorter than one chunk</source>
   <translation>Die Sprache ist kürzer als ein Abschnitt</translation>
  </message>
  <message>
   <source>Stored speech can't be read</source>
   <translation>Gespeicherte Sprache ist nicht lesbar</translation>
  </message>
  <message>
   <source>Text guidance costs a pass that the LoRA does not need</source>
   <translation>Die Textführung kostet einen Durchgang, den das LoRA nicht braucht</translation>
  </message>
  <message>
   <source>The LoRA does not fit</source>
   <translation>Das LoRA passt nicht</translation>
  </message>
  <message>
   <source>The RTX 20 and GTX 16 series are the oldest that the engine computes on.</source>
   <translation>Die Reihen RTX 20 und GTX 16 sind die ältesten, auf denen gerechnet werden kann.</translation>
  </message>
  <message>
   <source>The address can't be used</source>
   <translation>Die Adresse ist nicht brauchbar</translation>
  </message>
  <message>
   <source>The address for newer versions can't be used</source>
   <translation>Die Adresse für neuere Versionen ist nicht benutzbar</translation>
  </message>
  <message>
   <source>The answer about newer versions makes no sense</source>
   <translation>Die Antwort über neuere Versionen ergibt keinen Sinn</translation>
  </message>
  <message>
   <source>The box of speaker {speaker:count} is smaller than what the model tells apart.</source>
   <translation>Das Feld von Sprecher {speaker:count} ist kleiner, als das Modell unterscheiden kann.</translation>
  </message>
  <message>
   <source>The box of speaker {speaker:count} shows nothing of the picture that is rendered.</source>
   <translation>Das Feld von Sprecher {speaker:count} zeigt nichts von dem Bild, das gerechnet wird.</translation>
  </message>
  <message>
   <source>The catalog of models can't be read</source>
   <translation>Das Verzeichnis der Modelle ist nicht lesbar</translation>
  </message>
  <message>
   <source>The chunk after chunk {chunk:chunk} is kept and was built on it.</source>
   <translation>Der Abschnitt nach Abschnitt {chunk:chunk} wird behalten und baut darauf auf.</translation>
  </message>
  <message>
   <source>The connection was lost.</source>
   <translation>Die Verbindung brach ab.</translation>
  </message>
  <message>
   <source>The disk is full</source>
   <translation>Die Platte ist voll</translation>
  </message>
  <message>
   <source>The disk reported an error</source>
   <translation>Die Platte meldete einen Fehler</translation>
  </message>
  <message>
   <source>The download stopped</source>
   <translation>Der Download blieb stehen</translation>
  </message>
  <message>
   <source>The encoder ended with an error.</source>
   <translation>Der Encoder endete mit einem Fehler.</translation>
  </message>
  <message>
   <source>The encoder ended with an error; the log has the details.</source>
   <translation>Der Encoder endete mit einem Fehler; Genaueres steht im Protokoll.</translation>
  </message>
  <message>
   <source>The engine ended unexpectedly</source>
   <translation>Der Rechenteil endete unerwartet</translation>
  </message>
  <message>
   <source>The engine made a mistake</source>
   <translation>Der Rechenteil machte einen Fehler</translation>
  </message>
  <message>
   <source>The export was stopped</source>
   <translation>Der Export wurde angehalten</translation>
  </message>
  <message>
   <source>The file arrived damaged</source>
   <translation>Die Datei kam beschädigt an</translation>
  </message>
  <message>
   <source>The file has no tensor {tensor}, which every CLIP image encoder has.</source>
   <translation>Der Datei fehlt der Tensor {tensor}, den jeder CLIP-Bildencoder hat.</translation>
  </message>
  <message>
   <source>The file has no tensor {tensor}, which every umt5 text encoder has.</source>
   <translation>Der Datei fehlt der Tensor {tensor}, den jeder umt5-Textencoder hat.</translation>
  </message>
  <message>
   <source>The file is not on the server</source>
   <translation>Die Datei ist nicht auf dem Server</translation>
  </message>
  <message>
   <source>The file lacks what every CLIP image encoder has.</source>
   <translation>Der Datei fehlt, was jeder CLIP-Bildencoder hat.</translation>
  </message>
  <message>
   <source>The file lacks what every umt5 text encoder has.</source>
   <translation>Der Datei fehlt, was jeder umt5-Textencoder hat.</translation>
  </message>
  <message>
   <source>The file on the server is not the one that was announced</source>
   <translation>Die Datei auf dem Server ist nicht die angekündigte</translation>
  </message>
  <message>
   <source>The files in google/umt5-xxl are damaged.</source>
   <translation>Die Dateien in google/umt5-xxl sind beschädigt.</translation>
  </message>
  <message>
   <source>The folder can't be written</source>
   <translation>In den Ordner kann nicht geschrieben werden</translation>
  </message>
  <message>
   <source>The folder is gone</source>
   <translation>Der Ordner ist verschwunden</translation>
  </message>
  <message>
   <source>The frame rate of the source varies</source>
   <translation>Die Bildrate der Quelle schwankt</translation>
  </message>
  <message>
   <source>The frames could not be stored</source>
   <translation>Die Bilder konnten nicht gespeichert werden</translation>
  </message>
  <message>
   <source>The graphics card has no driver of its maker</source>
   <translation>Die Grafikkarte hat keinen Treiber ihres Herstellers</translation>
  </message>
  <message>
   <source>The graphics card is not used</source>
   <translation>Die Grafikkarte wird nicht benutzt</translation>
  </message>
  <message>
   <source>The graphics card is too old</source>
   <translation>Die Grafikkarte ist zu alt</translation>
  </message>
  <message>
   <source>The graphics card stopped answering</source>
   <translation>Die Grafikkarte antwortet nicht mehr</translation>
  </message>
  <message>
   <source>The graphics driver is too old</source>
   <translation>Der Grafiktreiber ist zu alt</translation>
  </message>
  <message>
   <source>The job does not say which model it uses</source>
   <translation>Der Auftrag sagt nicht, welches Modell er benutzt</translation>
  </message>
  <message>
   <source>The job needs {job:memory} and {spare:memory} to spare; {free:memory} are free.</source>
   <translation>Der Auftrag braucht {job:memory} und {spare:memory} Reserve; {free:memory} sind frei.</translation>
  </message>
  <message>
   <source>The job was made with another model</source>
   <translation>Der Auftrag wurde mit einem anderen Modell begonnen</translation>
  </message>
  <message>
   <source>The job was never rendered.</source>
   <translation>Der Auftrag wurde nie gerechnet.</translation>
  </message>
  <message>
   <source>The license of {repo} may have to be accepted first.</source>
   <translation>Vielleicht muss erst die Lizenz von {repo} angenommen werden.</translation>
  </message>
  <message>
   <source>The lips follow the voice best when it is alone on the track.</source>
   <translation>Die Lippen folgen der Stimme am besten, wenn sie allein auf der Spur ist.</translation>
  </message>
  <message>
   <source>The list of files of {repo} can't be read.</source>
   <translation>Die Dateiliste von {repo} ist nicht lesbar.</translation>
  </message>
  <message>
   <source>The log has the details.</source>
   <translation>Genaueres steht im Protokoll.</translation>
  </message>
  <message>
   <source>The log of the job can't be written</source>
   <translation>Das Protokoll des Auftrags kann nicht geschrieben werden</translation>
  </message>
  <message>
   <source>The media program is missing</source>
   <translation>Das Medienprogramm fehlt</translation>
  </message>
  <message>
   <source>The message was not understood</source>
   <translation>Die Nachricht wurde nicht verstanden</translation>
  </message>
  <message>
   <source>The miniature model works on the CPU.</source>
   <translation>Das Miniaturmodell läuft auf dem Prozessor.</translation>
  </message>
  <message>
   <source>The model knows one or two speakers.</source>
   <translation>Das Modell kennt einen oder zwei Sprecher.</translation>
  </message>
  <message>
   <source>The model that is chosen now is not the one that it began with.</source>
   <translation>Das jetzt gewählte Modell ist nicht das, mit dem er begann.</translation>
  </message>
  <message>
   <source>The mouth will rest.</source>
   <translation>Der Mund bleibt ruhig.</translation>
  </message>
  <message>
   <source>The newest version is not known</source>
   <translation>Die neueste Version ist nicht bekannt</translation>
  </message>
  <message>
   <source>The picture is cropped</source>
   <translation>Das Bild wird beschnitten</translation>
  </message>
  <message>
   <source>The picture is larger than can be read</source>
   <translation>Das Bild ist größer, als gelesen werden kann</translation>
  </message>
  <message>
   <source>The project has two speakers.</source>
   <translation>Das Projekt hat zwei Sprecher.</translation>
  </message>
  <message>
   <source>The server can't prove who it is; a proxy may be reading along.</source>
   <translation>Der Server kann sich nicht ausweisen; vielleicht liest ein Proxy mit.</translation>
  </message>
  <message>
   <source>The server refuses this file</source>
   <translation>Der Server verweigert diese Datei</translation>
  </message>
  <message>
   <source>The server wants to know who asks</source>
   <translation>Der Server will wissen, wer fragt</translation>
  </message>
  <message>
   <source>The source ends before the speech</source>
   <translation>Die Quelle endet vor der Sprache</translation>
  </message>
  <message>
   <source>The speech can't be used</source>
   <translation>Die Sprache ist nicht brauchbar</translation>
  </message>
  <message>
   <source>The speech is empty</source>
   <translation>Die Sprache ist leer</translation>
  </message>
  <message>
   <source>The speech is too short for exact comparison</source>
   <translation>Die Sprache ist zu kurz für den genauen Vergleich</translation>
  </message>
  <message>
   <source>The text for the voices is empty.</source>
   <translation>Der Text für die Stimmen ist leer.</translation>
  </message>
  <message>
   <source>The text names a speaker who isn't there</source>
   <translation>Der Text nennt einen Sprecher, den es nicht gibt</translation>
  </message>
  <message>
   <source>The token can't be saved</source>
   <translation>Der Schlüssel kann nicht gespeichert werden</translation>
  </message>
  <message>
   <source>The tokenizer can't be read</source>
   <translation>Der Tokenizer ist nicht lesbar</translation>
  </message>
  <message>
   <source>The tokenizer is missing</source>
   <translation>Der Tokenizer fehlt</translation>
  </message>
  <message>
   <source>The video could not be written</source>
   <translation>Das Video konnte nicht geschrieben werden</translation>
  </message>
  <message>
   <source>The video ends after {video_seconds:time}; {seconds:time} of speech are left out.</source>
   <translation>Das Video endet nach {video_seconds:time}; {seconds:time} Sprache fallen weg.</translation>
  </message>
  <message>
   <source>The voice could not speak</source>
   <translation>Die Stimme konnte nicht sprechen</translation>
  </message>
  <message>
   <source>There is no picture in this file</source>
   <translation>In dieser Datei ist kein Bild</translation>
  </message>
  <message>
   <source>There is no sound in this file</source>
   <translation>In dieser Datei ist kein Ton</translation>
  </message>
  <message>
   <source>There is no such file</source>
   <translation>Diese Datei gibt es nicht</translation>
  </message>
  <message>
   <source>There is no such part</source>
   <translation>Dieses Teil gibt es nicht</translation>
  </message>
  <message>
   <source>There is no such part of the video</source>
   <translation>Diesen Teil des Videos gibt es nicht</translation>
  </message>
  <message>
   <source>There is no such project</source>
   <translation>Dieses Projekt gibt es nicht</translation>
  </message>
  <message>
   <source>There is no such set</source>
   <translation>Diesen Satz gibt es nicht</translation>
  </message>
  <message>
   <source>There is no such take</source>
   <translation>Diese Fassung gibt es nicht</translation>
  </message>
  <message>
   <source>There is no such task</source>
   <translation>Diese Aufgabe gibt es nicht</translation>
  </message>
  <message>
   <source>There is nothing to export yet</source>
   <translation>Es gibt noch nichts zu exportieren</translation>
  </message>
  <message>
   <source>There is nothing to say</source>
   <translation>Es gibt nichts zu sagen</translation>
  </message>
  <message>
   <source>There is something else in this place</source>
   <translation>An diesem Ort liegt etwas anderes</translation>
  </message>
  <message>
   <source>These weights are being converted</source>
   <translation>Diese Gewichte werden gerade umgewandelt</translation>
  </message>
  <message>
   <source>These weights don't fit</source>
   <translation>Diese Gewichte passen nicht</translation>
  </message>
  <message>
   <source>These weights know one speaker</source>
   <translation>Diese Gewichte kennen einen Sprecher</translation>
  </message>
  <message>
   <source>This build does not know where to ask</source>
   <translation>Dieses Paket weiß nicht, wo es fragen soll</translation>
  </message>
  <message>
   <source>This card can't multiply in fp8</source>
   <translation>Diese Karte kann nicht in fp8 multiplizieren</translation>
  </message>
  <message>
   <source>This computer is not connected to a network.</source>
   <translation>Dieser Rechner ist mit keinem Netz verbunden.</translation>
  </message>
  <message>
   <source>This drive can't hold large files</source>
   <translation>Dieses Laufwerk fasst keine großen Dateien</translation>
  </message>
  <message>
   <source>This file can't be read</source>
   <translation>Diese Datei ist nicht lesbar</translation>
  </message>
  <message>
   <source>This file could run a program</source>
   <translation>Diese Datei könnte ein Programm ausführen</translation>
  </message>
  <message>
   <source>This file exists already</source>
   <translation>Diese Datei gibt es schon</translation>
  </message>
  <message>
   <source>This file is empty</source>
   <translation>Diese Datei ist leer</translation>
  </message>
  <message>
   <source>This file may not be read</source>
   <translation>Diese Datei darf nicht gelesen werden</translation>
  </message>
  <message>
   <source>This folder holds another job</source>
   <translation>Dieser Ordner enthält einen anderen Auftrag</translation>
  </message>
  <message>
   <source>This is a folder</source>
   <translation>Das ist ein Ordner</translation>
  </message>
  <message>
   <source>This is a network drive</source>
   <translation>Das ist ein Netzlaufwerk</translation>
  </message>
  <message>
   <source>This is no access token</source>
   <translation>Das ist kein Zugangsschlüssel</translation>
  </message>
  <message>
   <source>This is no audio encoder</source>
   <translation>Das ist kein Audioencoder</translation>
  </message>
  <message>
   <source>This is no image encoder</source>
   <translation>Das ist kein Bildencoder</translation>
  </message>
  <message>
   <source>This is no text encoder</source>
   <translation>Das ist kein Textencoder</translation>
  </message>
  <message>
   <source>This is not a job folder</source>
   <translation>Das ist kein Auftragsordner</translation>
  </message>
  <message>
   <source>This is not the file that is needed</source>
   <translation>Das ist nicht die Datei, die gebraucht wird</translation>
  </message>
  <message>
   <source>This job can't be read</source>
   <translation>Dieser Auftrag ist nicht lesbar</translation>
  </message>
  <message>
   <source>This job comes from a newer version</source>
   <translation>Dieser Auftrag stammt aus einer neueren Fassung</translation>
  </message>
  <message>
   <source>This job runs already</source>
   <translation>Dieser Auftrag läuft schon</translation>
  </message>
  <message>
   <source>This kind of file is not supported</source>
   <translation>Diese Art Datei wird nicht unterstützt</translation>
  </message>
  <message>
   <source>This program was installed for the CPU only.</source>
   <translation>Dieses Programm wurde nur für den Prozessor installiert.</translation>
  </message>
  <message>
   <source>This size does not fit even with the smallest settings.</source>
   <translation>Diese Größe passt selbst mit den kleinsten Einstellungen nicht.</translation>
  </message>
  <message>
   <source>This speech is too short</source>
   <translation>Diese Sprache ist zu kurz</translation>
  </message>
  <message>
   <source>This system has no key store that can be used; a file would not be safe.</source>
   <translation>Dieses System hat keinen brauchbaren Schlüsselspeicher; eine Datei wäre nicht sicher.</translation>
  </message>
  <message>
   <source>This take is locked</source>
   <translation>Diese Fassung ist gesperrt</translation>
  </message>
  <message>
   <source>This takes longer than a night</source>
   <translation>Das dauert länger als eine Nacht</translation>
  </message>
  <message>
   <source>This task runs already</source>
   <translation>Diese Aufgabe läuft schon</translation>
  </message>
  <message>
   <source>This track is silent</source>
   <translation>Diese Spur ist stumm</translation>
  </message>
  <message>
   <source>This voice isn't there</source>
   <translation>Diese Stimme gibt es nicht</translation>
  </message>
  <message>
   <source>Tokenizer and text encoder don't belong together</source>
   <translation>Tokenizer und Textencoder gehören nicht zusammen</translation>
  </message>
  <message>
   <source>Too little RAM is free for all blocks; the rest is read in every step, in time.</source>
   <translation>Für alle Blöcke ist zu wenig RAM frei; der Rest wird in jedem Schritt gelesen, rechtzeitig.</translation>
  </message>
  <message>
   <source>Too many speakers</source>
   <translation>Zu viele Sprecher</translation>
  </message>
  <message>
   <source>Tracks differ in length</source>
   <translation>Die Spuren sind verschieden lang</translation>
  </message>
  <message>
   <source>Try a shorter text or another voice.</source>
   <translation>Versuche einen kürzeren Text oder eine andere Stimme.</translation>
  </message>
  <message>
   <source>Try again later, or look where you got this program from.</source>
   <translation>Später noch einmal versuchen, oder dort nachsehen, woher das Programm kam.</translation>
  </message>
  <message>
   <source>Try again later, or name another address.</source>
   <translation>Versuche es später, oder nenne eine andere Adresse.</translation>
  </message>
  <message>
   <source>Try again, or save diagnostics.</source>
   <translation>Versuche es noch einmal, oder speichere die Diagnose.</translation>
  </message>
  <message>
   <source>Try again.</source>
   <translation>Versuche es noch einmal.</translation>
  </message>
  <message>
   <source>Try again; if it stays, save diagnostics.</source>
   <translation>Versuche es noch einmal; bleibt es dabei, speichere die Diagnose.</translation>
  </message>
  <message>
   <source>Try again; without overclocking, if it was set.</source>
   <translation>Versuche es noch einmal, ohne Übertakten, falls es eingestellt war.</translation>
  </message>
  <message>
   <source>Try now, name another address, or import the file.</source>
   <translation>Versuche es jetzt, nenne eine andere Adresse, oder importiere die Datei.</translation>
  </message>
  <message>
   <source>Try to repair a copy, or choose another file.</source>
   <translation>Lass eine Kopie reparieren, oder wähle eine andere Datei.</translation>
  </message>
  <message>
   <source>Trying again</source>
   <translation>Neuer Versuch</translation>
  </message>
  <message>
   <source>Turn the picture into a slowly panning or zooming video first.</source>
   <translation>Mach aus dem Bild erst ein Video mit langsamem Schwenk oder Zoom.</translation>
  </message>
  <message>
   <source>Unusual speech guidance</source>
   <translation>Ungewöhnliche Sprachführung</translation>
  </message>
  <message>
   <source>Update the program, or open the chunks as a read-only video.</source>
   <translation>Aktualisiere das Programm, oder sieh die Abschnitte als Video an.</translation>
  </message>
  <message>
   <source>Use (s1), and (s2) where there are two speakers.</source>
   <translation>Benutze (s1) und, bei zwei Sprechern, (s2).</translation>
  </message>
  <message>
   <source>Use a calm prompt, or prompts of their own for single chunks.</source>
   <translation>Nimm einen ruhigen Prompt oder eigene Prompts für einzelne Abschnitte.</translation>
  </message>
  <message>
   <source>Use isolated vocals, if there is music under the voice.</source>
   <translation>Nimm die Stimme allein, wenn Musik darunter liegt.</translation>
  </message>
  <message>
   <source>Use it as speech, or choose a picture or a video.</source>
   <translation>Nimm sie als Sprache, oder wähle ein Bild oder ein Video.</translation>
  </message>
  <message>
   <source>Use lightx2v for long videos.</source>
   <translation>Nimm für lange Videos lightx2v.</translation>
  </message>
  <message>
   <source>Use longer speech, or render without exact comparison.</source>
   <translation>Nimm längere Sprache, oder rechne ohne genauen Vergleich.</translation>
  </message>
  <message>
   <source>Use the new file, or find the old one.</source>
   <translation>Nimm die neue Datei, oder suche die alte.</translation>
  </message>
  <message>
   <source>Use the safetensors file of this model.</source>
   <translation>Nimm die safetensors-Datei dieses Modells.</translation>
  </message>
  <message>
   <source>Use the tokenizer folder that came with this model.</source>
   <translation>Nimm den Tokenizer-Ordner, der zu diesem Modell gehört.</translation>
  </message>
  <message>
   <source>Use the two-speaker weights, or one speaker.</source>
   <translation>Nimm die Gewichte für zwei Sprecher oder nur einen Sprecher.</translation>
  </message>
  <message>
   <source>Wait until it is done, or cancel it first.</source>
   <translation>Warte, bis sie fertig ist, oder brich sie erst ab.</translation>
  </message>
  <message>
   <source>Wait until it is done, or stop it.</source>
   <translation>Warte, bis er fertig ist, oder halte ihn an.</translation>
  </message>
  <message>
   <source>Weights arrive too slowly</source>
   <translation>Die Gewichte kommen zu langsam</translation>
  </message>
  <message>
   <source>What arrived is kept.</source>
   <translation>Was ankam, bleibt.</translation>
  </message>
  <message>
   <source>What does not fit is read from the disk in every step.</source>
   <translation>Was nicht hineinpasst, wird in jedem Schritt von der Platte gelesen.</translation>
  </message>
  <message>
   <source>What it describes happens again every {seconds:length}.</source>
   <translation>Was er beschreibt, geschieht alle {seconds:length} von neuem.</translation>
  </message>
  <message>
   <source>What {server} sends is no such answer.</source>
   <translation>Was {server} schickt, ist keine solche Antwort.</translation>
  </message>
  <message>
   <source>Window and engine are of different versions.</source>
   <translation>Fenster und Rechenteil sind verschiedene Fassungen.</translation>
  </message>
  <message>
   <source>Write what is to be said; with two speakers mark who says it: (s1) Hello. (s2) Hi!</source>
   <translation>Schreibe, was gesagt werden soll; bei zwei Sprechern auch, wer es sagt: (s1) Hallo. (s2) Hi!</translation>
  </message>
  <message>
   <source>decoding the picture</source>
   <translation>beim Decodieren des Bildes</translation>
  </message>
  <message>
   <source>denoising</source>
   <translation>beim Entrauschen</translation>
  </message>
  <message>
   <source>exporting</source>
   <translation>beim Export</translation>
  </message>
  <message>
   <source>ffmpeg was not found.</source>
   <translation>ffmpeg wurde nicht gefunden.</translation>
  </message>
  <message>
   <source>int8 is faster on this card.</source>
   <translation>int8 ist auf dieser Karte schneller.</translation>
  </message>
  <message>
   <source>keys and values are computed in every step</source>
   <translation>Schlüssel und Werte werden in jedem Schritt gerechnet</translation>
  </message>
  <message>
   <source>listening to the speech</source>
   <translation>beim Hören der Sprache</translation>
  </message>
  <message>
   <source>loading the model</source>
   <translation>beim Laden des Modells</translation>
  </message>
  <message>
   <source>nothing else stays in memory</source>
   <translation>sonst bleibt nichts im Speicher</translation>
  </message>
  <message>
   <source>preparing the picture</source>
   <translation>beim Vorbereiten des Bildes</translation>
  </message>
  <message>
   <source>reading the prompt</source>
   <translation>beim Lesen des Prompts</translation>
  </message>
  <message>
   <source>storing</source>
   <translation>beim Speichern</translation>
  </message>
  <message>
   <source>the passes of a step follow each other</source>
   <translation>die Durchgänge eines Schritts folgen einander</translation>
  </message>
  <message>
   <source>the picture is decoded in tiles of {0} pixels</source>
   <translation>das Bild wird in Kacheln von {0} Bildpunkten decodiert</translation>
  </message>
  <message>
   <source>{0} %</source>
   <translation>{0} %</translation>
  </message>
  <message>
   <source>{0} GB/s</source>
   <translation>{0} GB/s</translation>
  </message>
  <message>
   <source>{0} blocks stay on the card instead of {1}</source>
   <translation>{0} Blöcke bleiben auf der Karte statt {1}</translation>
  </message>
  <message>
   <source>{0} s</source>
   <translation>{0} s</translation>
  </message>
  <message>
   <source>{0} tokens at a time</source>
   <translation>{0} Token auf einmal</translation>
  </message>
  <message>
   <source>{driver} is installed; {wanted} or newer is needed.</source>
   <translation>{driver} ist installiert; {wanted} oder neuer wird gebraucht.</translation>
  </message>
  <message>
   <source>{file} did not arrive whole.</source>
   <translation>{file} kam nicht vollständig an.</translation>
  </message>
  <message>
   <source>{file} is not in {repo}.</source>
   <translation>{file} ist nicht in {repo}.</translation>
  </message>
  <message>
   <source>{file}: SHA-256 differs, also after loading it once more.</source>
   <translation>{file}: SHA-256 stimmt nicht, auch nach erneutem Laden.</translation>
  </message>
  <message>
   <source>{file}: connection lost at {percent:percent} of {total:file}; it resumes by itself, try {tries:count} of {most:count}.</source>
   <translation>{file}: Verbindung bei {percent:percent} von {total:file} verloren; es geht von selbst weiter, Versuch {tries:count} von {most:count}.</translation>
  </message>
  <message>
   <source>{file}: it is redirected to where nothing is loaded from.</source>
   <translation>{file}: wird dorthin umgeleitet, von wo nichts geladen wird.</translation>
  </message>
  <message>
   <source>{file}: nothing came for too long.</source>
   <translation>{file}: zu lange kam nichts.</translation>
  </message>
  <message>
   <source>{file}: nothing came for too long; {done:file} of {total:file} are here.</source>
   <translation>{file}: zu lange kam nichts; {done:file} von {total:file} sind hier.</translation>
  </message>
  <message>
   <source>{file}: the connection was lost; {done:file} of {total:file} are here.</source>
   <translation>{file}: Die Verbindung ging verloren; {done:file} von {total:file} sind hier.</translation>
  </message>
  <message>
   <source>{file}: the connection was lost; {tries:count} tries brought nothing.</source>
   <translation>{file}: Die Verbindung ging verloren; {tries:count} Versuche brachten nichts.</translation>
  </message>
  <message>
   <source>{file}: the proxy refuses the connection.</source>
   <translation>{file}: Der Proxy lehnt die Verbindung ab.</translation>
  </message>
  <message>
   <source>{file}: the server answers with {status:count}.</source>
   <translation>{file}: der Server antwortet mit {status:count}.</translation>
  </message>
  <message>
   <source>{file}: the server can't be reached.</source>
   <translation>{file}: Der Server ist nicht erreichbar.</translation>
  </message>
  <message>
   <source>{file}: the server can't be reached; {done:file} of {total:file} are here.</source>
   <translation>{file}: Der Server ist nicht erreichbar; {done:file} von {total:file} sind hier.</translation>
  </message>
  <message>
   <source>{file}: the server is busy ({status}); try {try} of {tries:count} in {wait:time}.</source>
   <translation>{file}: Der Server ist überlastet ({status}); Versuch {try} von {tries:count} in {wait:time}.</translation>
  </message>
  <message>
   <source>{file}: this computer is not connected to a network.</source>
   <translation>{file}: Dieser Rechner ist mit keinem Netz verbunden.</translation>
  </message>
  <message>
   <source>{file}: this computer is not connected to a network; try {try} of {tries:count} in {wait:time}.</source>
   <translation>{file}: Dieser Rechner ist mit keinem Netz verbunden; Versuch {try} von {tries:count} in {wait:time}.</translation>
  </message>
  <message>
   <source>{file}: try {try} of {tries:count} in {wait:time}.</source>
   <translation>{file}: Versuch {try} von {tries:count} in {wait:time}.</translation>
  </message>
  <message>
   <source>{file}: {done:file} of {total:file} are here.</source>
   <translation>{file}: {done:file} von {total:file} sind da.</translation>
  </message>
  <message>
   <source>{folder}: it may only be read, or its drive is read-only.</source>
   <translation>{folder}: er darf nur gelesen werden, oder sein Laufwerk ist schreibgeschützt.</translation>
  </message>
  <message>
   <source>{folder}: on FAT32 a file ends at 4 GB; models have up to 20.</source>
   <translation>{folder}: auf FAT32 endet eine Datei bei 4 GB; Modelle haben bis zu 20.</translation>
  </message>
  <message>
   <source>{folder}: weights may arrive more slowly than the card computes.</source>
   <translation>{folder}: Gewichte kommen vielleicht langsamer, als die Karte rechnet.</translation>
  </message>
  <message>
   <source>{folder}: {free:file} are free; under 60 GB it may run full with models on it.</source>
   <translation>{folder}: {free:file} sind frei; unter 60 GB kann es mit Modellen voll werden.</translation>
  </message>
  <message>
   <source>{free:memory} of RAM are free, too little for {blocks:count} streamed blocks; the rest is read in every step, in time.</source>
   <translation>{free:memory} RAM sind frei, zu wenig für {blocks:count} durchlaufende Blöcke; der Rest wird in jedem Schritt gelesen, rechtzeitig.</translation>
  </message>
  <message>
   <source>{gpu} has compute capability {capability}; the RTX 20 and GTX 16 series (7.5) are the oldest that the engine computes on.</source>
   <translation>{gpu} hat Rechenfähigkeit {capability}; die Reihen RTX 20 und GTX 16 (7.5) sind die ältesten, auf denen gerechnet werden kann.</translation>
  </message>
  <message>
   <source>{gpu} is there, but this program was installed for the CPU only.</source>
   <translation>{gpu} ist da, aber dieses Programm wurde nur für den Prozessor installiert.</translation>
  </message>
  <message>
   <source>{gpu} unpacks fp8 weights to compute: they save memory, not time.</source>
   <translation>{gpu} packt fp8-Gewichte zum Rechnen aus: das spart Speicher, keine Zeit.</translation>
  </message>
  <message>
   <source>{kind} in {where}.</source>
   <translation>{kind} in {where}.</translation>
  </message>
  <message>
   <source>{missing:count} tensors are missing.</source>
   <translation>{missing:count} Tensoren fehlen.</translation>
  </message>
  <message>
   <source>{missing_count:count} of {total:count} parts are not in {folder}.</source>
   <translation>{missing_count:count} von {total:count} Teilen sind nicht in {folder}.</translation>
  </message>
  <message>
   <source>{name} ({bytes:file}) was expected in {place}.</source>
   <translation>{name} ({bytes:file}) wurde in {place} erwartet.</translation>
  </message>
  <message>
   <source>{name} can't be used.</source>
   <translation>{name} ist nicht brauchbar.</translation>
  </message>
  <message>
   <source>{name} could not be written to {place}.</source>
   <translation>{name} konnte nicht nach {place} geschrieben werden.</translation>
  </message>
  <message>
   <source>{name} ends before the video begins.</source>
   <translation>{name} endet, bevor das Video beginnt.</translation>
  </message>
  <message>
   <source>{name} has 0 bytes.</source>
   <translation>{name} hat 0 Bytes.</translation>
  </message>
  <message>
   <source>{name} has neither picture nor sound.</source>
   <translation>{name} hat weder Bild noch Ton.</translation>
  </message>
  <message>
   <source>{name} has no audio track.</source>
   <translation>{name} hat keine Tonspur.</translation>
  </message>
  <message>
   <source>{name} has one video track, no audio track.</source>
   <translation>{name} hat eine Bildspur, keine Tonspur.</translation>
  </message>
  <message>
   <source>{name} has sound only.</source>
   <translation>{name} hat nur Ton.</translation>
  </message>
  <message>
   <source>{name} has {width:count} × {height:count} pixels; the limit is {limit:count} a side.</source>
   <translation>{name} hat {width:count} × {height:count} Bildpunkte; die Grenze ist {limit:count} je Seite.</translation>
  </message>
  <message>
   <source>{name} holds another network.</source>
   <translation>{name} enthält ein anderes Netz.</translation>
  </message>
  <message>
   <source>{name} in {place} is not the published file.</source>
   <translation>{name} in {place} ist nicht die veröffentlichte Datei.</translation>
  </message>
  <message>
   <source>{name} in {place}: access was denied.</source>
   <translation>{name} in {place}: der Zugriff wurde verweigert.</translation>
  </message>
  <message>
   <source>{name} is a folder; a media file is needed.</source>
   <translation>{name} ist ein Ordner; gebraucht wird eine Mediendatei.</translation>
  </message>
  <message>
   <source>{name} is a picture.</source>
   <translation>{name} ist ein Bild.</translation>
  </message>
  <message>
   <source>{name} is a text file, whatever its name says: there is no picture or sound in it.</source>
   <translation>{name} ist eine Textdatei, was auch der Name sagt: sie enthält weder Bild noch Ton.</translation>
  </message>
  <message>
   <source>{name} is a text-to-video transformer: 36 input channels needed, {in_dim:count} found.</source>
   <translation>{name} ist ein Text-zu-Video-Transformer: 36 Eingangskanäle nötig, {in_dim:count} gefunden.</translation>
  </message>
  <message>
   <source>{name} is already in {place} and is not overwritten.</source>
   <translation>{name} liegt schon in {place} und wird nicht überschrieben.</translation>
  </message>
  <message>
   <source>{name} is being written.</source>
   <translation>{name} wird gerade geschrieben.</translation>
  </message>
  <message>
   <source>{name} is damaged, or it is no media file.</source>
   <translation>{name} ist beschädigt oder keine Mediendatei.</translation>
  </message>
  <message>
   <source>{name} is damaged.</source>
   <translation>{name} ist beschädigt.</translation>
  </message>
  <message>
   <source>{name} is newer than the project: {chunks:count} chunks would become stale.</source>
   <translation>{name} ist neuer als das Projekt: {chunks:count} Abschnitte würden veralten.</translation>
  </message>
  <message>
   <source>{name} is not in the catalog.</source>
   <translation>{name} ist nicht im Verzeichnis.</translation>
  </message>
  <message>
   <source>{name} is not in {place}.</source>
   <translation>{name} ist nicht in {place}.</translation>
  </message>
  <message>
   <source>{name} is not the file that the job began with.</source>
   <translation>{name} ist nicht die Datei, mit der der Auftrag begann.</translation>
  </message>
  <message>
   <source>{name} is not whole, or its contents were changed.</source>
   <translation>{name} ist nicht vollständig, oder der Inhalt wurde geändert.</translation>
  </message>
  <message>
   <source>{name} is too short for exact comparison.</source>
   <translation>{name} ist zu kurz für den genauen Vergleich.</translation>
  </message>
  <message>
   <source>{name} is {seconds:length} shorter: silence is added at the end.</source>
   <translation>{name} ist {seconds:length} kürzer: am Ende kommt Stille hinzu.</translation>
  </message>
  <message>
   <source>{name} uses a format that can't be decoded here.</source>
   <translation>{name} hat ein Format, das hier nicht decodiert werden kann.</translation>
  </message>
  <message>
   <source>{name} was begun with other settings.</source>
   <translation>{name} wurde mit anderen Einstellungen begonnen.</translation>
  </message>
  <message>
   <source>{name} was expected in {place}.</source>
   <translation>{name} wurde in {place} erwartet.</translation>
  </message>
  <message>
   <source>{name} was in {place}; finished chunks still play.</source>
   <translation>{name} war in {place}; fertige Abschnitte laufen weiterhin.</translation>
  </message>
  <message>
   <source>{name} was made for another transformer.</source>
   <translation>{name} wurde für einen anderen Transformer gemacht.</translation>
  </message>
  <message>
   <source>{name} was not found in {place}.</source>
   <translation>{name} wurde in {place} nicht gefunden.</translation>
  </message>
  <message>
   <source>{name}, loudest {loudest}: the mouth will rest.</source>
   <translation>{name}, höchstens {loudest}: der Mund bleibt ruhig.</translation>
  </message>
  <message>
   <source>{name}, loudest {loudest}: {speaker}'s mouth will rest.</source>
   <translation>{name}, höchstens {loudest}: der Mund von {speaker} bleibt ruhig.</translation>
  </message>
  <message>
   <source>{name}: 0 of {total:count} keys match this transformer.</source>
   <translation>{name}: 0 von {total:count} Schlüsseln passen zu diesem Transformer.</translation>
  </message>
  <message>
   <source>{name}: SHA-256 differs; {bad:count} of {blocks:count} blocks are wrong.</source>
   <translation>{name}: SHA-256 stimmt nicht; {bad:count} von {blocks:count} Blöcken sind falsch.</translation>
  </message>
  <message>
   <source>{name}: a part of its keys fits nothing in this transformer and is left out.</source>
   <translation>{name}: ein Teil der Schlüssel passt nicht zu diesem Transformer und fällt weg.</translation>
  </message>
  <message>
   <source>{name}: a pickle with code in it. It was not loaded.</source>
   <translation>{name}: ein Pickle mit Programmcode. Es wurde nicht geladen.</translation>
  </message>
  <message>
   <source>{name}: another program has it open.</source>
   <translation>{name}: Ein anderes Programm hat sie offen.</translation>
  </message>
  <message>
   <source>{name}: its contents are damaged, or it is no media file.</source>
   <translation>{name}: der Inhalt ist beschädigt, oder es ist keine Mediendatei.</translation>
  </message>
  <message>
   <source>{name}: its index is missing (“moov atom not found”), so the recording or the copying was cut off before its end.</source>
   <translation>{name}: der Index fehlt („moov atom not found“), also brach die Aufnahme oder das Kopieren vor dem Ende ab.</translation>
  </message>
  <message>
   <source>{name}: since {since:clock}, process {pid}.</source>
   <translation>{name}: seit {since:clock}, Prozess {pid}.</translation>
  </message>
  <message>
   <source>{name}: the encoder ended with an error.</source>
   <translation>{name}: der Encoder endete mit einem Fehler.</translation>
  </message>
  <message>
   <source>{name}: this user has no right to read it.</source>
   <translation>{name}: dieser Benutzer darf sie nicht lesen.</translation>
  </message>
  <message>
   <source>{needed:memory} are needed at the smallest setting, {free:memory} are free.</source>
   <translation>{needed:memory} sind mit der kleinsten Einstellung nötig, {free:memory} sind frei.</translation>
  </message>
  <message>
   <source>{needed:memory} are needed, {free:memory} are free.</source>
   <translation>{needed:memory} sind nötig, {free:memory} sind frei.</translation>
  </message>
  <message>
   <source>{needed:memory} planned, {free:memory} free.</source>
   <translation>{needed:memory} geplant, {free:memory} frei.</translation>
  </message>
  <message>
   <source>{needed:memory} planned, {free:memory} free: weights are read from disk in every step (+{extra_seconds:time} a chunk).</source>
   <translation>{needed:memory} geplant, {free:memory} frei: Gewichte werden in jedem Schritt von der Platte gelesen (+{extra_seconds:time} je Abschnitt).</translation>
  </message>
  <message>
   <source>{path} (number {errno}).</source>
   <translation>{path} (Nummer {errno}).</translation>
  </message>
  <message>
   <source>{path} does not exist.</source>
   <translation>{path} gibt es nicht.</translation>
  </message>
  <message>
   <source>{path} has neither tokenizer.json nor spiece.model.</source>
   <translation>{path} hat weder tokenizer.json noch spiece.model.</translation>
  </message>
  <message>
   <source>{path} holds no job.</source>
   <translation>{path} enthält keinen Auftrag.</translation>
  </message>
  <message>
   <source>{path}: it may only be read, or its drive is read-only.</source>
   <translation>{path}: er darf nur gelesen werden, oder sein Laufwerk ist schreibgeschützt.</translation>
  </message>
  <message>
   <source>{place} has {free:memory} free, {needed:memory} are needed.</source>
   <translation>{place} hat {free:memory} frei, {needed:memory} sind nötig.</translation>
  </message>
  <message>
   <source>{place} has {free:memory} free.</source>
   <translation>{place} hat {free:memory} frei.</translation>
  </message>
  <message>
   <source>{place} was moved or removed while it was in use.</source>
   <translation>{place} wurde verschoben oder gelöscht, während er benutzt wurde.</translation>
  </message>
  <message>
   <source>{project} is open for rendering and needs them.</source>
   <translation>{project} wird gerade gerendert und braucht sie.</translation>
  </message>
  <message>
   <source>{read:rate} read, {needed:rate} needed.</source>
   <translation>{read:rate} gelesen, {needed:rate} nötig.</translation>
  </message>
  <message>
   <source>{read:rate} read, {needed:rate} needed: a chunk takes {chunk_seconds:time} instead of {usual_seconds:time}.</source>
   <translation>{read:rate} gelesen, {needed:rate} nötig: ein Abschnitt dauert {chunk_seconds:time} statt {usual_seconds:time}.</translation>
  </message>
  <message>
   <source>{ready:count} of {total:count} chunks are ready.</source>
   <translation>{ready:count} von {total:count} Abschnitten sind fertig.</translation>
  </message>
  <message>
   <source>{repo} may be private, or it is not there.</source>
   <translation>{repo} ist vielleicht privat, oder es gibt es nicht.</translation>
  </message>
  <message>
   <source>{seconds:length}; one chunk of {chunk_seconds:length} is rendered.</source>
   <translation>{seconds:length}; ein Abschnitt von {chunk_seconds:length} wird gerechnet.</translation>
  </message>
  <message>
   <source>{seconds:time}; a still picture holds up for about a minute, then colors drift.</source>
   <translation>{seconds:time}; ein Standbild hält etwa eine Minute, dann wandern die Farben.</translation>
  </message>
  <message>
   <source>{server} answers too slowly.</source>
   <translation>{server} antwortet zu langsam.</translation>
  </message>
  <message>
   <source>{server} answers with {status}.</source>
   <translation>{server} antwortet mit {status}.</translation>
  </message>
  <message>
   <source>{server} can't be reached.</source>
   <translation>{server} ist nicht erreichbar.</translation>
  </message>
  <message>
   <source>{server} has nothing at this address ({missing}).</source>
   <translation>{server} hat unter dieser Adresse nichts ({missing}).</translation>
  </message>
  <message>
   <source>{server} sends elsewhere ({other}), which is not asked.</source>
   <translation>{server} schickt woandershin ({other}); dort wird nicht gefragt.</translation>
  </message>
  <message>
   <source>{share:percent} are left out.</source>
   <translation>{share:percent} fallen weg.</translation>
  </message>
  <message>
   <source>{size:size} does not fit even with the smallest settings; {free:memory} of {total:memory} are free.</source>
   <translation>{size:size} passt selbst mit den kleinsten Einstellungen nicht; {free:memory} von {total:memory} sind frei.</translation>
  </message>
  <message>
   <source>{size:size} needs {needed:memory} at the smallest setting, {free:memory} are free.</source>
   <translation>{size:size} braucht mit der kleinsten Einstellung {needed:memory}, {free:memory} sind frei.</translation>
  </message>
  <message>
   <source>{size:size} needs {needed:memory} at the smallest setting, {free:memory} are free; {user} uses {user_bytes:memory}.</source>
   <translation>{size:size} braucht mit der kleinsten Einstellung {needed:memory}, {free:memory} sind frei; {user} benutzt {user_bytes:memory}.</translation>
  </message>
  <message>
   <source>{source:size} to {size:size}: {share:percent} of the height are left out.</source>
   <translation>{source:size} zu {size:size}: {share:percent} der Höhe fallen weg.</translation>
  </message>
  <message>
   <source>{source:size} to {size:size}: {share:percent} of the width are left out.</source>
   <translation>{source:size} zu {size:size}: {share:percent} der Breite fallen weg.</translation>
  </message>
  <message>
   <source>{source:time} of {needed:time}.</source>
   <translation>{source:time} von {needed:time}.</translation>
  </message>
  <message>
   <source>{source:time} of {needed:time}; then it runs back and forth.</source>
   <translation>{source:time} von {needed:time}; dann läuft sie hin und zurück.</translation>
  </message>
  <message>
   <source>{source:time} of {needed:time}; then it starts again.</source>
   <translation>{source:time} von {needed:time}; dann beginnt sie von vorn.</translation>
  </message>
  <message>
   <source>{source:time} of {needed:time}; then the last frame is held.</source>
   <translation>{source:time} von {needed:time}; dann wird das letzte Bild gehalten.</translation>
  </message>
  <message>
   <source>{steps:count} steps give soft pictures; the model was made for 40.</source>
   <translation>{steps:count} Schritte geben weiche Bilder; das Modell wurde für 40 gemacht.</translation>
  </message>
  <message>
   <source>{steps:count} steps; 4 are enough for lightx2v, 8 for FusioniX.</source>
   <translation>{steps:count} Schritte; 4 reichen für lightx2v, 8 für FusioniX.</translation>
  </message>
  <message>
   <source>{total:memory} are built in. What does not fit is read from the disk in every step, which wants a fast SSD; 16 GiB or more are better.</source>
   <translation>{total:memory} sind eingebaut. Was nicht hineinpasst, wird in jedem Schritt von der Platte gelesen und braucht eine schnelle SSD; 16 GiB oder mehr sind besser.</translation>
  </message>
  <message>
   <source>{used:memory} are in use.</source>
   <translation>{used:memory} sind belegt.</translation>
  </message>
  <message>
   <source>{used:memory} of {total:memory} are in use.</source>
   <translation>{used:memory} von {total:memory} sind belegt.</translation>
  </message>
  <message>
   <source>{value:number} with a fast LoRA: {passes:count} passes a step.</source>
   <translation>{value:number} mit schnellem LoRA: {passes:count} Durchgänge je Schritt.</translation>
  </message>
  <message>
   <source>{value:number}; 3 to 5 works best without a fast LoRA. Higher means tighter lips.</source>
   <translation>{value:number}; ohne schnelles LoRA geht 3 bis 5 am besten. Höher heißt straffere Lippen.</translation>
  </message>
  <message>
   <source>{value:number}; about 2 works best with a fast LoRA. Higher means tighter lips.</source>
   <translation>{value:number}; mit schnellem LoRA geht etwa 2 am besten. Höher heißt straffere Lippen.</translation>
  </message>
  <message>
   <source>{voice} was not found on this machine.</source>
   <translation>{voice} wurde auf diesem Rechner nicht gefunden.</translation>
  </message>
  <message>
   <source>{voice}: its program ended with an error.</source>
   <translation>{voice}: ihr Programm endete mit einem Fehler.</translation>
  </message>
  <message>
   <source>{weights} was made for one; this video has {speakers:count}.</source>
   <translation>{weights} wurde für einen gemacht; dieses Video hat {speakers:count}.</translation>
  </message>
 </context>
 <context>
  <name>session</name>
  <message>
   <source>Add speech</source>
   <translation>Sprache hinzufügen</translation>
  </message>
  <message>
   <source>Choose another take of chunk {0}</source>
   <translation>Andere Fassung von Abschnitt {0} wählen</translation>
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
   <source>Remove a take of chunk {0}</source>
   <translation>Eine Fassung von Abschnitt {0} entfernen</translation>
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
   <source>{0} was not added: the model knows two speakers.</source>
   <translation>{0} wurde nicht hinzugefügt: das Modell kennt zwei Sprecher.</translation>
  </message>
 </context>
 <context>
  <name>tray</name>
  <message>
   <source>Quit</source>
   <translation>Beenden</translation>
  </message>
  <message>
   <source>Show the window</source>
   <translation>Fenster zeigen</translation>
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
