using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace ExtProc.Tests.Hosting;

/// <summary>The real program, as a user starts it; killed by its own id when the test is over.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ServerProcess(string[] arguments, IReadOnlyDictionary<string, string> environment, string? shell = null, string program = "ExtProc.Server")
    {
        // Whoever runs the tests in the background has them ignore Ctrl-C, which a child inherits.
        ProcessStartInfo start = new("env")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add("--default-signal=INT,HUP,QUIT");
        if (shell is not null)
        {
            foreach (string part in (string[])["bash", "-c", shell, "bash"])
            {
                start.ArgumentList.Add(part);
            }
        }

        start.ArgumentList.Add(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{program}.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string ours in start.Environment.Keys.Where(name => name.StartsWith("EXTPROC_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(ours);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(Output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(Errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public ConcurrentQueue<string> Output { get; } = new();

    public ConcurrentQueue<string> Errors { get; } = new();

    public int Port { get; private set; }

    public int AdminPort { get; private set; }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using ServerProcess process = new(arguments, environment ?? new Dictionary<string, string>());
        int code = await process.ExitAsync();
        return (code, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    /// <summary>Runs a command, started by a line of shell where one is given, and waits for nothing.</summary>
    public static ServerProcess Start(string? shell, params string[] arguments) => new(arguments, new Dictionary<string, string>(), shell);

    /// <summary>Starts <c>try</c> of a program on a port that the system chooses, and waits until it says where it listens.</summary>
    public static async Task<ServerProcess> TryAsync(string program, params string[] flags)
    {
        ServerProcess process = new(["try", "--port", "0", .. flags], new Dictionary<string, string>(), program: program);
        process.Port = await process.PortInAsync(process.Output, FrontLine());
        return process;
    }

    /// <summary>Starts <c>serve</c> on ports that the system chooses, and waits until it listens. It does not delay its end unless told to.</summary>
    public static Task<ServerProcess> ServeAsync(params string[] flags) => ServeWithAsync("0s", null, flags);

    /// <summary>The same with its standard output going where the shell is told, such as <c>&gt; /dev/full</c>.</summary>
    public static Task<ServerProcess> ServeAsync(string? outputTo, string[] flags) => ServeWithAsync("0s", outputTo is null ? null : $"exec \"$@\" {outputTo}", flags);

    /// <summary>The same with a delay of the end (null: the default one), and started by a line of shell that has <c>exec "$@"</c> in it.</summary>
    public static async Task<ServerProcess> ServeWithAsync(string? drainDelay, string? shell = null, params string[] flags)
    {
        Dictionary<string, string> environment = drainDelay is null ? [] : new() { ["EXTPROC_DRAIN_DELAY"] = drainDelay };
        ServerProcess process = new(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. flags], environment, shell);
        process.AdminPort = await process.PortInAsync(process.Errors, AdminLine());
        process.Port = await process.PortInAsync(process.Errors, ListenLine());
        return process;
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has a handler for a signal, by its number.</summary>
    public bool Catches(int signal)
    {
        const string Mask = "SigCgt:";
        string line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(Mask, StringComparison.Ordinal));
        return (ulong.Parse(line[Mask.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {_process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Status and text of a path of the admin port.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AdminAsync(string path, HttpMethod? method = null)
    {
        using HttpClient client = new() { Timeout = Patience };
        using HttpResponseMessage response = await client.SendAsync(new(method ?? HttpMethod.Get, $"http://127.0.0.1:{AdminPort}{path}"));
        return (response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd());
    }

    public async Task<string> LineAsync(ConcurrentQueue<string> lines, Func<string, bool> wanted)
    {
        using CancellationTokenSource late = new(Patience);
        while (true)
        {
            if (lines.FirstOrDefault(wanted) is { } line)
            {
                return line;
            }

            Assert.False(late.IsCancellationRequested, $"the line did not come; there are:\n{string.Join('\n', Errors)}\n{string.Join('\n', Output)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    private async Task<int> PortInAsync(ConcurrentQueue<string> lines, Regex pattern) =>
        int.Parse(pattern.Match(await LineAsync(lines, line => pattern.IsMatch(line))).Groups["port"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^  front +http://127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex FrontLine();

    [GeneratedRegex(@"listening on 127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex ListenLine();

    [GeneratedRegex(@"admin on 127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex AdminLine();
}
