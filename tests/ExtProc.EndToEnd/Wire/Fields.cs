using System.Collections;

namespace ExtProc.EndToEnd.Wire;

/// <summary>Header or trailer fields in their order; names in lower case.</summary>
internal sealed class Fields : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> lines = [];

    public int Count => lines.Count;

    /// <summary>All values of a name joined with commas, or null.</summary>
    public string? this[string name] =>
        Values(name) is { Count: > 0 } values ? string.Join(",", values) : null;

    public IReadOnlyList<string> Values(string name) => [.. lines.Where(line => line.Key == name).Select(line => line.Value)];

    public void Add(string name, string value) => lines.Add(new(name.ToLowerInvariant(), value));

    /// <summary>These fields and those, in that order.</summary>
    public Fields With(IEnumerable<KeyValuePair<string, string>> more)
    {
        var all = new Fields();
        foreach (var (name, value) in this.Concat(more))
        {
            all.Add(name, value);
        }

        return all;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For a failure's message; long values are cut.</summary>
    public override string ToString() => string.Join(' ', lines.Select(line => $"{line.Key}={line.Value[..Math.Min(line.Value.Length, 60)]}"));
}
