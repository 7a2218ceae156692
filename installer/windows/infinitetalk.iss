; Inno Setup 6 script of the Windows package; started by installer/windows/setup.py, which defines
;   AppVersion, AppNumbers (four, for Windows), Publisher, Bundle (PyInstaller's folder), OutputDir, OutputName, IconFile
; Everything is of the user who installs: no administrator, no machine-wide key, no service.

#ifndef AppVersion
  #error Start installer\build.py --format setup, which defines AppVersion and the folders
#endif
#define AppName "InfiniteTalk Desktop"
#define WindowProgram "infinitetalk-desktop.exe"
#define EngineProgram "infinitetalk.exe"
#define ProjectType "InfiniteTalk.Project"
#define SettingsKey "Software\InfiniteTalk Desktop"
#ifndef Programs
#define Programs "{autopf}"
#endif

[Setup]
AppId={{8E5B9C64-3D0A-4E27-9B0C-6A1F62D7C3B5}
AppName={#AppName}
AppVersion={#AppVersion}
AppVerName={#AppName} {#AppVersion}
AppPublisher={#Publisher}
VersionInfoVersion={#AppNumbers}
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
DefaultDirName={#Programs}\{#AppName}
DefaultGroupName={#AppName}
DisableProgramGroupPage=yes
DisableDirPage=no
AllowNoIcons=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
WizardStyle=modern
SetupIconFile={#IconFile}
UninstallDisplayIcon={app}\{#WindowProgram}
UninstallDisplayName={#AppName}
LicenseFile={#Bundle}\_internal\resources\licenses\infinitetalk-desktop\LICENSE
OutputDir={#OutputDir}
OutputBaseFilename={#OutputName}
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
; Hosts take files of at most 2 GB: setup.exe, then slices beside it.
DiskSpanning=yes
DiskSliceSize=1900000000
SlicesPerDisk=1
ChangesAssociations=yes
CloseApplications=yes
RestartApplications=no
ShowLanguageDialog=auto
UsePreviousLanguage=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.ModelsTitle=Where should models go?
en.ModelsText=The published model takes 20 to 90 GB. It is downloaded later, from within the program, and only when you ask for it. A small model for a first try is part of the program.
en.ModelsLabel=Folder for models:
en.ProjectFile=InfiniteTalk project
en.DesktopIcon=Icon on the desktop
en.OpenNow=Open {#AppName}
en.RemoveModels=Remove the models in this folder too?%n%n%1%n%nLoading them again takes hours. Files that you put there yourself would be lost as well.
en.RemoveJobs=Remove rendered jobs and recovered projects in this folder too?%n%n%1%n%nProject files that you saved elsewhere stay in any case.
en.StillRuns={#AppName} is still open. Close it, then try again.
en.ModelsStay=Models stay in %1.
de.ModelsTitle=Wohin mit den Modellen?
de.ModelsText=Das veröffentlichte Modell braucht 20 bis 90 GB. Es wird später geladen, aus dem Programm heraus und nur auf Ihren Wunsch. Ein kleines Modell für den ersten Versuch gehört zum Programm.
de.ModelsLabel=Ordner für Modelle:
de.ProjectFile=InfiniteTalk-Projekt
de.DesktopIcon=Symbol auf dem Desktop
de.OpenNow={#AppName} öffnen
de.RemoveModels=Auch die Modelle in diesem Ordner löschen?%n%n%1%n%nSie neu zu laden dauert Stunden. Auch Dateien, die Sie selbst dort abgelegt haben, wären verloren.
de.RemoveJobs=Auch gerenderte Aufträge und wiederhergestellte Projekte in diesem Ordner löschen?%n%n%1%n%nProjektdateien, die Sie anderswo gespeichert haben, bleiben in jedem Fall.
de.StillRuns={#AppName} ist noch offen. Schließen Sie es und versuchen Sie es dann noch einmal.
de.ModelsStay=Modelle bleiben in %1.

[Tasks]
Name: "desktopicon"; Description: "{cm:DesktopIcon}"; Flags: unchecked

[InstallDelete]
; An older version's libraries must not be found beside the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\{#WindowProgram}"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Bundle}\{#EngineProgram}"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Bundle}\_internal\*"; DestDir: "{app}\_internal"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\{#AppName}"; Filename: "{app}\{#WindowProgram}"
Name: "{userdesktop}\{#AppName}"; Filename: "{app}\{#WindowProgram}"; Tasks: desktopicon

[Registry]
Root: HKCU; Subkey: "Software\Classes\.italk"; ValueType: string; ValueData: "{#ProjectType}"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKCU; Subkey: "Software\Classes\{#ProjectType}"; ValueType: string; ValueData: "{cm:ProjectFile}"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\{#ProjectType}\DefaultIcon"; ValueType: string; ValueData: "{app}\{#WindowProgram},0"
Root: HKCU; Subkey: "Software\Classes\{#ProjectType}\shell\open\command"; ValueType: string; ValueData: """{app}\{#WindowProgram}"" ""%1"""
Root: HKCU; Subkey: "{#SettingsKey}"; ValueType: string; ValueName: "ModelsFolder"; ValueData: "{code:ModelsFolder}"; Flags: uninsdeletekey
Root: HKCU; Subkey: "{#SettingsKey}"; ValueType: dword; ValueName: "ModelsFolderMade"; ValueData: "{code:ModelsFolderMade}"

[Run]
Filename: "{app}\{#WindowProgram}"; Description: "{cm:OpenNow}"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
Type: filesandordirs; Name: "{localappdata}\InfiniteTalk\Cache"
Type: filesandordirs; Name: "{localappdata}\InfiniteTalk\Logs"
Type: files; Name: "{localappdata}\InfiniteTalk\settings.json"
Type: dirifempty; Name: "{localappdata}\InfiniteTalk"
Type: filesandordirs; Name: "{app}\_internal"
Type: dirifempty; Name: "{app}"

[Code]
var
  ModelsPage: TInputDirWizardPage;
  ModelsWereThere: Boolean;

function OwnFolder: String;
begin
  Result := ExpandConstant('{localappdata}\InfiniteTalk');
end;

function SettingsFile: String;
begin
  Result := OwnFolder + '\settings.json';
end;

procedure InitializeWizard;
var
  Before: String;
begin
  ModelsPage := CreateInputDirPage(wpSelectDir, CustomMessage('ModelsTitle'), '',
    CustomMessage('ModelsText'), False, 'models');
  ModelsPage.Add(CustomMessage('ModelsLabel'));
  { A newer version over an older one keeps what the first one was told: the page is not shown again. }
  if not RegQueryStringValue(HKCU, '{#SettingsKey}', 'ModelsFolder', Before) then
    Before := OwnFolder + '\models';
  ModelsPage.Values[0] := ExpandConstant('{param:MODELS|' + Before + '}');
end;

{ Who has settings already has chosen; they are changed in the program. }
function ShouldSkipPage(PageID: Integer): Boolean;
begin
  Result := (PageID = ModelsPage.ID) and FileExists(SettingsFile);
end;

{ What is shown before anything is done. }
function UpdateReadyMemo(Space, NewLine, MemoUserInfoInfo, MemoDirInfo, MemoTypeInfo,
  MemoComponentsInfo, MemoGroupInfo, MemoTasksInfo: String): String;
begin
  Result := MemoDirInfo;
  if not ShouldSkipPage(ModelsPage.ID) then
    Result := Result + NewLine + NewLine + CustomMessage('ModelsLabel') + NewLine +
      Space + ModelsPage.Values[0];
  if MemoTasksInfo <> '' then
    Result := Result + NewLine + NewLine + MemoTasksInfo;
end;

function ModelsFolder(Unused: String): String;
begin
  Result := ModelsPage.Values[0];
end;

{ Only a folder that this set-up made may be offered for removal: another may hold more than ours. }
function ModelsFolderMade(Unused: String): String;
begin
  if ModelsWereThere then
    Result := '0'
  else
    Result := '1';
end;

{ A text as JSON writes it; UTF-16 units beyond ASCII as \uXXXX, so that no code page matters. }
function JsonText(const Text: String): AnsiString;
var
  I, Unicode: Integer;
begin
  Result := '"';
  for I := 1 to Length(Text) do
  begin
    Unicode := Ord(Text[I]);
    if (Unicode = 34) or (Unicode = 92) then
      Result := Result + '\' + AnsiString(Text[I])
    else if (Unicode < 32) or (Unicode > 126) then
      Result := Result + AnsiString(Format('\u%.4x', [Unicode]))
    else
      Result := Result + AnsiString(Text[I]);
  end;
  Result := Result + '"';
end;

procedure WriteSettings;
var
  Lines: AnsiString;
begin
  if FileExists(SettingsFile) then
    Exit;
  ForceDirectories(OwnFolder);
  Lines := '{"format": 1, "models_folder": ' + JsonText(ModelsPage.Values[0]) + '}';
  SaveStringToFile(SettingsFile, Lines, False);
end;

procedure CurStepChanged(CurStep: TSetupStep);
var
  Made: Cardinal;
begin
  if CurStep = ssInstall then
  begin
    ModelsWereThere := DirExists(ModelsPage.Values[0]);
    { A second installation finds the folder of the first one. }
    if RegQueryDWordValue(HKCU, '{#SettingsKey}', 'ModelsFolderMade', Made) and (Made = 1) then
      ModelsWereThere := False;
  end;
  if CurStep = ssPostInstall then
    WriteSettings;
end;

{ Windows lets nobody write to a program that runs. }
function Runs(const Name: String): Boolean;
var
  Stream: TFileStream;
begin
  Result := False;
  if not FileExists(ExpandConstant('{app}\') + Name) then
    Exit;
  try
    Stream := TFileStream.Create(ExpandConstant('{app}\') + Name, fmOpenReadWrite or fmShareDenyNone);
    Stream.Free;
  except
    Result := True;
  end;
end;

{ Removal while the program is open would leave half of it behind. }
function InitializeUninstall: Boolean;
begin
  Result := True;
  while Result and (Runs('{#WindowProgram}') or Runs('{#EngineProgram}')) do
    Result := (not UninstallSilent) and
      (MsgBox(CustomMessage('StillRuns'), mbError, MB_RETRYCANCEL) = IDRETRY);
end;

{ Silent removal keeps everything; the answer of the keyboard's Enter is No. }
function Agreed(const Question, Folder: String): Boolean;
begin
  Result := (not UninstallSilent) and DirExists(Folder) and
    (MsgBox(FmtMessage(CustomMessage(Question), [Folder]), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES);
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Models, Jobs: String;
  Made: Cardinal;
begin
  if CurUninstallStep <> usUninstall then
    Exit;
  Jobs := OwnFolder + '\jobs';
  if Agreed('RemoveJobs', Jobs) then
    DelTree(Jobs, True, True, True);
  if not RegQueryStringValue(HKCU, '{#SettingsKey}', 'ModelsFolder', Models) then
    Exit;
  if RegQueryDWordValue(HKCU, '{#SettingsKey}', 'ModelsFolderMade', Made) and (Made = 1) then
  begin
    if Agreed('RemoveModels', Models) then
      DelTree(Models, True, True, True);
  end
  else if DirExists(Models) and not UninstallSilent then
    MsgBox(FmtMessage(CustomMessage('ModelsStay'), [Models]), mbInformation, MB_OK);
end;
