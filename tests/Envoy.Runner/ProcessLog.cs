namespace Envoy.Runner;

/// <summary>The last lines that a program wrote; older ones are dropped.</summary>
public sealed class ProcessLog(Action<string>? onLine = null)
{
    private const int LimitLines = 5000;
    private readonly Queue<string> lines = new();

    /// <summary>The lines that are kept, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>The last lines as one text.</summary>
    public string Tail(int count) => string.Join('\n', Lines.TakeLast(count));

    internal Task FollowAsync(StreamReader reader) => Task.Run(() => ReadAllAsync(reader));

    private async Task ReadAllAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Add(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program was ended and its pipes with it.
        }
    }

    private void Add(string line)
    {
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > LimitLines)
            {
                lines.Dequeue();
            }
        }

        onLine?.Invoke(line);
    }
}
