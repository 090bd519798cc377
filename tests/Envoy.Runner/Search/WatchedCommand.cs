using System.Diagnostics;
using System.Text;

namespace Envoy.Runner.Search;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">what it ended with; null when it was given up</param>
/// <param name="Said">its output and errors, as they came</param>
internal sealed record CommandEnd(int? ExitCode, string Said);

/// <summary>Runs a program for as long as it gets on: while a folder grows or, where that counts, the program says something.</summary>
internal sealed class WatchedCommand(string program, IReadOnlyList<string> arguments)
{
    private const int LimitCharacters = 64 << 10;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly StringBuilder said = new();
    private long characters;

    /// <summary>Its growth is progress.</summary>
    public required string Folder { get; init; }

    /// <summary>True when what the program says is progress too; false for one that also tells of its retries.</summary>
    public bool IsOutputProgress { get; init; }

    /// <summary>How long there may be no progress.</summary>
    public TimeSpan Patience { get; init; } = EnvoySearch.Patience;

    /// <summary>Variables that the program gets besides ours.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs it to its end, or ends it and its children.</summary>
    public async Task<CommandEnd> RunAsync(CancellationToken cancel)
    {
        using Process process = Start();
        process.StandardInput.Close();
        Task output = Task.WhenAll(FollowAsync(process.StandardOutput), FollowAsync(process.StandardError));
        bool isGivenUp;
        try
        {
            isGivenUp = !await EndsByItselfAsync(process, cancel);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        // A grandchild may hold the streams open after the end.
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel));
        lock (said)
        {
            return new(isGivenUp ? null : process.ExitCode, said.ToString());
        }
    }

    private Process Start()
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private async Task<bool> EndsByItselfAsync(Process process, CancellationToken cancel)
    {
        (long seen, long since) = (Progress(), TimeProvider.System.GetTimestamp());
        while (!process.HasExited)
        {
            await Task.Delay(LookInterval, TimeProvider.System, cancel);
            if (Progress() is var now && now != seen)
            {
                (seen, since) = (now, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                return false;
            }
        }

        return true;
    }

    private long Progress() => (IsOutputProgress ? Interlocked.Read(ref characters) : 0) + FolderSize.Of(Folder);

    private async Task FollowAsync(StreamReader reader)
    {
        char[] buffer = new char[4 << 10];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            Interlocked.Add(ref characters, count);
            lock (said)
            {
                said.Append(buffer, 0, count).Remove(0, Math.Max(0, said.Length - LimitCharacters));
            }
        }
    }
}
