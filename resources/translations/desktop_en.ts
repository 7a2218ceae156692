<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
 <context>
  <name>ChunkInspector</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n chunk</numerusform>
    <numerusform>%n chunks</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>DownloadSheet</name>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n file</numerusform>
    <numerusform>%n files</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ExportDialog</name>
  <message numerus="yes">
   <source>%n chunks are not rendered yet.</source>
   <translation>
    <numerusform>%n chunk is not rendered yet.</numerusform>
    <numerusform>%n chunks are not rendered yet.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chunks are stale: their old takes are used.</source>
   <translation>
    <numerusform>%n chunk is stale: its old take is used.</numerusform>
    <numerusform>%n chunks are stale: their old takes are used.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Figures</name>
  <message numerus="yes">
   <source>%n blocks resident</source>
   <translation>
    <numerusform>%n block resident</numerusform>
    <numerusform>%n blocks resident</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>FoundModels</name>
  <message numerus="yes">
   <source>%n speakers</source>
   <translation>
    <numerusform>%n speaker</numerusform>
    <numerusform>%n speakers</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ImportSheet</name>
  <message numerus="yes">
   <source>%n files chosen, {0}</source>
   <translation>
    <numerusform>%n file chosen, {0}</numerusform>
    <numerusform>%n files chosen, {0}</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n model files of other networks are left alone.</source>
   <translation>
    <numerusform>%n model file of another network is left alone.</numerusform>
    <numerusform>%n model files of other networks are left alone.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>JobCard</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n chunk</numerusform>
    <numerusform>%n chunks</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>JobCompany</name>
  <message numerus="yes">
   <source>%n chunks</source>
   <translation>
    <numerusform>%n chunk</numerusform>
    <numerusform>%n chunks</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>MachineStep</name>
  <message numerus="yes">
   <source>%n cores</source>
   <translation>
    <numerusform>%n core</numerusform>
    <numerusform>%n cores</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>MessageBar</name>
  <message numerus="yes">
   <source>+%n more</source>
   <translation>
    <numerusform>+%n more</numerusform>
    <numerusform>+%n more</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>PreflightDialog</name>
  <message numerus="yes">
   <source>%n speakers</source>
   <translation>
    <numerusform>%n speaker</numerusform>
    <numerusform>%n speakers</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>RecoveryDialog</name>
  <message numerus="yes">
   <source>%n chunks are damaged and are rendered again.</source>
   <translation>
    <numerusform>%n chunk is damaged and is rendered again.</numerusform>
    <numerusform>%n chunks are damaged and are rendered again.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chunks are on disk and have been checked.</source>
   <translation>
    <numerusform>%n chunk is on disk and has been checked.</numerusform>
    <numerusform>%n chunks are on disk and have been checked.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>RedoDialog</name>
  <message numerus="yes">
   <source>New takes of %n chunks</source>
   <translation>
    <numerusform>New take of %n chunk</numerusform>
    <numerusform>New takes of %n chunks</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Remedies</name>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n file</numerusform>
    <numerusform>%n files</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>RemoveSheet</name>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n file</numerusform>
    <numerusform>%n files</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n jobs need it</source>
   <translation>
    <numerusform>%n job needs it</numerusform>
    <numerusform>%n jobs need it</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>and %n more</source>
   <translation>
    <numerusform>and %n more</numerusform>
    <numerusform>and %n more</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>SettingsWindow</name>
  <message numerus="yes">
   <source>%n files removed</source>
   <translation>
    <numerusform>%n file removed</numerusform>
    <numerusform>%n files removed</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>StatusBar</name>
  <message numerus="yes">
   <source>%n chunks, not rendered yet</source>
   <translation>
    <numerusform>%n chunk, not rendered yet</numerusform>
    <numerusform>%n chunks, not rendered yet</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>TimelineView</name>
  <message numerus="yes">
   <source>%n chunks are stale</source>
   <translation>
    <numerusform>%n chunk is stale</numerusform>
    <numerusform>%n chunks are stale</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>All %n chunks</source>
   <translation>
    <numerusform>%n chunk</numerusform>
    <numerusform>All %n chunks</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>checks</name>
  <message numerus="yes">
   <source>%n speakers</source>
   <translation>
    <numerusform>%n speaker</numerusform>
    <numerusform>%n speakers</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Speech makes %n chunks</source>
   <translation>
    <numerusform>Speech makes %n chunk</numerusform>
    <numerusform>Speech makes %n chunks</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message numerus="yes">
   <source>%n finished chunks are safe.</source>
   <translation>
    <numerusform>%n finished chunk is safe.</numerusform>
    <numerusform>%n finished chunks are safe.</numerusform>
   </translation>
  </message>
 </context>
</TS>
