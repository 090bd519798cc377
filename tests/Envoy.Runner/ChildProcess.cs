using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Envoy.Runner;

/// <summary>
/// A program that lives as long as the object that started it: its output is kept, and it is gone after
/// <see cref="DisposeAsync"/>, or at the latest when this process ends, however it ends.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int TerminateSignal = 15;

    /// <summary>Who inherited the program's streams may keep them open after its end.</summary>
    private static readonly TimeSpan LastWordsTimeout = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly string name;
    private readonly Task output;
    private int disposed;

    private ChildProcess(string name, Process process, Action<string>? onLine)
    {
        this.name = name;
        this.process = process;
        Log = new ProcessLog(onLine);
        output = Task.WhenAll(Log.FollowAsync(process.StandardOutput), Log.FollowAsync(process.StandardError));
        DeathWatch.Add(process.Id);
    }

    /// <summary>What the program wrote to its output and error streams.</summary>
    public ProcessLog Log { get; }

    /// <summary>The operating system's number of the process.</summary>
    public int Id => process.Id;

    /// <summary>True when the program has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>The exit code; only after it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="name">what messages call it</param>
    /// <param name="program">the file to run</param>
    /// <param name="arguments">its arguments, unquoted</param>
    /// <param name="onLine">called with each line as it comes, on a thread of the pool</param>
    /// <param name="variables">variables that it gets besides ours</param>
    public static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, Action<string>? onLine = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // A .NET program finds its runtime even where only the PATH leads to the SDK that started us.
        start.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")));
        foreach ((string variable, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start: {program}");
        process.StandardInput.Close();
        return new ChildProcess(name, process, onLine);
    }

    /// <summary>Asks the program to end, as an operator or Kubernetes would (SIGTERM). Windows has no such thing: there it ends at once.</summary>
    public void Terminate()
    {
        if (OperatingSystem.IsWindows())
        {
            Kill();
        }
        else if (!process.HasExited)
        {
            _ = SendSignal(process.Id, TerminateSignal);
        }
    }

    /// <summary>Ends the program at once (SIGKILL).</summary>
    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It had ended already.
        }
    }

    /// <summary>Waits for the end, and for what was said until then; false when it still runs after the given time.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            await Task.WhenAny(output, Task.Delay(LastWordsTimeout, TimeProvider.System));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Throws when the program has ended, with its last words.</summary>
    public void ThrowIfExited()
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"{name} ended with exit code {process.ExitCode}; it said:\n{Log.Tail(40)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        Kill();
        await WaitForExitAsync(TimeSpan.FromSeconds(10));
        DeathWatch.Remove(process.Id);
        process.Dispose();
    }

    [UnsupportedOSPlatform("windows")]
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
