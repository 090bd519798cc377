using System.Collections.Concurrent;

namespace ExtProc.Session;

/// <summary>What processors threw in a rehearsal, or that they took too long: it takes the place of log lines and counters, which are for real exchanges.</summary>
internal sealed class RehearsalFailures
{
    private readonly ConcurrentDictionary<string, Exception> _first = new(StringComparer.Ordinal);

    /// <summary>Takes note of one; the first of a processor is kept.</summary>
    public void Add(string processor, Exception failure) => _first.TryAdd(processor, failure);

    /// <summary>The first failure of each processor that had one.</summary>
    public IEnumerable<(string Processor, Exception Failure)> First() => _first.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, each.Value));
}
