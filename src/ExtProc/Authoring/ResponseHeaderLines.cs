using System.Collections;

namespace ExtProc;

/// <summary>The header lines of a local response, in order.</summary>
public sealed class ResponseHeaderLines : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _lines = [];

    /// <summary>How many lines.</summary>
    public int Count => _lines.Count;

    /// <summary>Sets a header to one line in place of all of that name.</summary>
    public string this[string name]
    {
        set
        {
            string checkedName = HeaderRules.CheckedName(name);
            _lines.RemoveAll(line => line.Key == checkedName);
            Add(name, value);
        }
    }

    /// <summary>Adds a line, beside others of that name.</summary>
    /// <exception cref="ArgumentException">The name or the value has characters that HTTP does not allow.</exception>
    public void Add(string name, string value) => _lines.Add(new(HeaderRules.CheckedName(name), HeaderRules.CheckedValue(name, value)));

    /// <summary>Whether a header of that name is there.</summary>
    public bool Contains(string name) => _lines.Exists(line => string.Equals(line.Key, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names; values may be secret.</summary>
    public override string ToString() => string.Join(", ", _lines.Select(line => line.Key));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
