using System.Diagnostics;

namespace Envoy.Runner;

/// <summary>
/// Ends the programs that this process started when this process ends in whatever way, a SIGKILL included: a shell holds the
/// other end of a pipe, and the end of the pipe is its signal. On Windows, which has no such shell, they end only with their objects.
/// </summary>
internal static class DeathWatch
{
    private const string Script = """
        trap '' INT TERM HUP
        while read -r line; do
          case $line in
            -*) keep=; for id; do [ "$id" = "${line#-}" ] || keep="$keep $id"; done; set -- $keep ;;
            *) set -- "$@" "$line" ;;
          esac
        done
        [ $# -eq 0 ] || kill -9 "$@" 2>/dev/null
        """;

    private static readonly Lock Writing = new();
    private static readonly Lazy<Process> Shell = new(Start);

    public static void Add(int processId) => Tell(processId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static void Remove(int processId) => Tell($"-{processId}");

    private static void Tell(string line)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        lock (Writing)
        {
            Shell.Value.StandardInput.Write(line + "\n");
            Shell.Value.StandardInput.Flush();
        }
    }

    private static Process Start() => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true })
        ?? throw new InvalidOperationException("/bin/sh did not start");
}
