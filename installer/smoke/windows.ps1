# The smoke test of the Windows package: installs it for this user, without administrator, into folders
# with spaces and letters beyond ASCII; runs the self-check; removes it; looks for what is left.
#
#   powershell -ExecutionPolicy Bypass -File installer\smoke\windows.ps1 -Packages build\package\out
param([Parameter(Mandatory = $true)][string]$Packages)

$ErrorActionPreference = "Stop"
$failed = 0

function Check([bool]$Good, [string]$Text) {
    if ($Good) { Write-Output "ok   $Text" } else { Write-Output "FAIL $Text"; $script:failed++ }
}

# Waits for the program and all that it started.
function Run([string]$Program, [string[]]$Arguments) {
    $process = Start-Process -FilePath $Program -ArgumentList $Arguments -Wait -PassThru
    return $process.ExitCode
}

# The same, and shows what the program wrote: one that has a window writes nowhere else.
function RunShown([string]$Program, [string[]]$Arguments) {
    $written = New-TemporaryFile
    $process = Start-Process -FilePath $Program -ArgumentList $Arguments -PassThru -RedirectStandardOutput $written.FullName
    $null = $process.Handle  # asked for while it runs; else its exit code is not known afterwards
    $process.WaitForExit()
    Get-Content -Encoding utf8 $written.FullName | Write-Host
    Remove-Item $written.FullName
    return $process.ExitCode
}

$place = Join-Path $env:TEMP "Zoë Öström 世界"
$app = Join-Path $place "Infinite Talk"
$models = Join-Path $place "Modelle für später"
$own = Join-Path $env:LOCALAPPDATA "InfiniteTalk"
$setup = Get-ChildItem (Join-Path $Packages "*-setup*.exe") | Select-Object -First 1
if ($null -eq $setup) { throw "no setup.exe in $Packages" }

$silent = @("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
$code = Run $setup.FullName ($silent + @("/CURRENTUSER", "/DIR=`"$app`"", "/MODELS=`"$models`""))
Check ($code -eq 0) "set-up ends with 0 ($code)"
$window = Join-Path $app "infinitetalk-desktop.exe"
$engine = Join-Path $app "infinitetalk.exe"
Check (Test-Path $window) "window is there"

$settings = Get-Content -Raw -Encoding utf8 (Join-Path $own "settings.json") | ConvertFrom-Json
Check ($settings.models_folder -eq $models) "models folder in the settings: $($settings.models_folder)"
$command = (Get-Item "HKCU:\Software\Classes\InfiniteTalk.Project\shell\open\command").GetValue("")
Check ($command -eq "`"$window`" `"%1`"") "association of .italk: $command"
Check ((Get-Item "HKCU:\Software\Classes\.italk").GetValue("") -eq "InfiniteTalk.Project") ".italk is known"

$version = & $engine --version
Check ($version -match "^infinitetalk \d+\.\d+") "version: $version"
Check ((Get-Item $window).VersionInfo.ProductVersion -eq $version.Split(" ")[1]) "version resource"
Check ((RunShown $window @("--self-check")) -eq 0) "self-check: renders, exports, opens the project again"

$code = Run $setup.FullName ($silent + "/CURRENTUSER")
$key = Get-Item "HKCU:\Software\InfiniteTalk Desktop"
Check (($code -eq 0) -and ($key.GetValue("ModelsFolder") -eq $models)) "an update keeps the folder of models ($code)"

$uninstall = Get-ChildItem $app -Filter "unins*.exe" | Select-Object -First 1
$open = Start-Process -FilePath $window -PassThru
Start-Sleep 10
$null = Run $uninstall.FullName $silent
Check ((-not $open.HasExited) -and (Test-Path $window)) "no removal while the program runs"
Stop-Process -Id $open.Id
Start-Sleep 5  # its engine sees that nobody asks any more, and ends

$code = Run $uninstall.FullName $silent
Check ($code -eq 0) "removal ends with 0 ($code)"
foreach ($second in 1..30) { if (Test-Path $app) { Start-Sleep 1 } }  # it goes on for a moment after it ended
Check (-not (Test-Path $app)) "program folder is gone"
Check (-not (Test-Path "HKCU:\Software\Classes\InfiniteTalk.Project")) "association is gone"
Check (-not (Test-Path (Join-Path $own "settings.json"))) "settings are gone"

Write-Output "$failed failed"
exit [int]($failed -gt 0)
