using System.Collections;
using System.Text;
using ExtProc.Protocol;

namespace ExtProc;

/// <summary>
/// The headers or trailers of one direction: as they came, with the changes made so far. Lines of the same name stay apart.
/// Nothing is decoded, and no string made, until it is asked for.
/// </summary>
public sealed class HeaderMap : IEnumerable<KeyValuePair<string, string>>
{
    private readonly HeaderChangeRules _rules;
    private HeaderLines _received;
    private List<HeaderChange>? _changes;
    private int _sent;

    internal HeaderMap(HeaderChangeRules rules) => _rules = rules;

    /// <summary>Whether Envoy has sent them. Trailers that a peer did not send never come.</summary>
    public bool IsReceived { get; private set; }

    /// <summary>Whether they can be changed now: they have come and have not gone.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The value of the first line of that name; <see langword="null"/> when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (string value in Values(name))
            {
                return value;
            }

            return null;
        }
    }

    /// <summary>The values of all lines of that name, in order.</summary>
    public IEnumerable<string> Values(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int from = LastReplacement(name);
        if (from < 0)
        {
            for (int i = 0; i < _received.Count; i++)
            {
                if (_received.HasName(i, name))
                {
                    yield return _received.Value(i);
                }
            }
        }

        for (int i = Math.Max(from, 0); _changes is not null && i < _changes.Count; i++)
        {
            if (_changes[i].Kind is not HeaderChangeKind.Remove && Same(_changes[i].Name, name))
            {
                yield return _changes[i].Value;
            }
        }
    }

    /// <summary>Whether a line of that name is there.</summary>
    public bool Contains(string name) => LengthOf(name) is not null;

    /// <summary>The value of the first line of that name as it came, without making a string. Changes are not looked at.</summary>
    /// <param name="lowerCaseName">The name in lower case, as UTF-8.</param>
    /// <param name="value">The bytes, valid until the handler ends.</param>
    public bool TryGetReceived(ReadOnlySpan<byte> lowerCaseName, out ReadOnlySpan<byte> value) => _received.TryGet(lowerCaseName, out value);

    /// <summary>Sets a header to one line in place of all of that name.</summary>
    /// <exception cref="ExchangeRefusedException">The headers have gone, or Envoy would refuse this one.</exception>
    public void Set(string name, string value) => Add(HeaderChangeKind.Set, name, value);

    /// <summary>Adds a line beside others of that name.</summary>
    /// <inheritdoc cref="Set"/>
    public void Append(string name, string value) => Add(HeaderChangeKind.Append, name, value);

    /// <summary>Removes all lines of that name. Nothing happens when there is none.</summary>
    /// <inheritdoc cref="Set"/>
    public void Remove(string name)
    {
        if (IsOpen && !Contains(name))
        {
            return;
        }

        Add(HeaderChangeKind.Remove, name, "");
    }

    /// <summary>All lines: those that came and still stand, then those that were set or added.</summary>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (int i = 0; i < _received.Count; i++)
        {
            if (!IsReplaced(i))
            {
                yield return new(_received.Name(i), _received.Value(i));
            }
        }

        for (int i = 0; _changes is not null && i < _changes.Count; i++)
        {
            HeaderChange change = _changes[i];
            if (change.Kind is not HeaderChangeKind.Remove && LastReplacement(change.Name) <= i)
            {
                yield return new(change.Name, change.Value);
            }
        }
    }

    /// <summary>The names; values may be secret.</summary>
    public override string ToString() => string.Join(", ", this.Select(line => line.Key));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Whether the values of all lines of that name are longer than any that makes sense. A text of each would take twice the memory of what
    /// came, beside the memory budget.
    /// </summary>
    internal bool IsLongerThan(string name, int bytes) => LengthOf(name) > bytes;

    /// <summary>How many changes were made so far, for <see cref="RollBack"/>.</summary>
    internal int ChangeCount => _changes?.Count ?? 0;

    /// <summary>Whether changes wait to be sent.</summary>
    internal bool HasUnsent => ChangeCount > _sent;

    internal void Receive(ArraySegment<byte> headerMap)
    {
        _received = new HeaderLines(headerMap);
        (IsReceived, IsOpen) = (true, true);
    }

    internal void Close() => IsOpen = false;

    /// <exception cref="ExchangeRefusedException">Envoy would refuse what the changes add up to.</exception>
    internal void RequireWithinLimits()
    {
        if (HasUnsent)
        {
            _rules.Require(this);
        }
    }

    /// <summary>Takes back the changes of a handler that failed.</summary>
    internal void RollBack(int count) => _changes?.RemoveRange(count, _changes.Count - count);

    /// <summary>A change by the server itself, which no rule protects the author from.</summary>
    internal void ChangeUnchecked(HeaderChangeKind kind, string name, string value = "") => (_changes ??= []).Add(new(kind, name, value));

    /// <summary>The changes since the last call, as what Envoy must be told.</summary>
    internal HeaderMutation TakeUnsent()
    {
        if (!HasUnsent)
        {
            return HeaderMutation.None;
        }

        var mutation = HeaderMutation.Of(_changes!, _sent);
        _sent = _changes!.Count;
        return mutation;
    }

    private void Add(HeaderChangeKind kind, string name, string value)
    {
        name = HeaderRules.CheckedName(name);
        HeaderRules.CheckedValue(name, value);
        _rules.Check(this, kind, name);
        (_changes ??= []).Add(new(kind, name, value));
        _rules.CheckSize(this);
    }

    /// <summary>Lines and bytes (names and values) as they would go now.</summary>
    internal (int Lines, int Bytes) Measure()
    {
        (int lines, int bytes) = (0, 0);
        for (int i = 0; i < _received.Count; i++)
        {
            if (!IsReplaced(i))
            {
                (lines, bytes) = (lines + 1, bytes + _received.SizeOf(i));
            }
        }

        for (int i = 0; i < ChangeCount; i++)
        {
            HeaderChange change = _changes![i];
            if (change.Kind is not HeaderChangeKind.Remove && LastReplacement(change.Name) <= i)
            {
                (lines, bytes) = (lines + 1, bytes + change.Name.Length + Encoding.UTF8.GetByteCount(change.Value));
            }
        }

        return (lines, bytes);
    }

    // Of all values together, without making a text of any; null when no line is there.
    private long? LengthOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        long? length = null;
        int from = LastReplacement(name);
        for (int i = 0; from < 0 && i < _received.Count; i++)
        {
            length = _received.HasName(i, name) ? (length ?? 0) + _received.ValueLength(i) : length;
        }

        for (int i = Math.Max(from, 0); i < ChangeCount; i++)
        {
            HeaderChange change = _changes![i];
            length = change.Kind is not HeaderChangeKind.Remove && Same(change.Name, name) ? (length ?? 0) + change.Value.Length : length;
        }

        return length;
    }

    private bool IsReplaced(int receivedLine)
    {
        for (int i = 0; i < ChangeCount; i++)
        {
            if (_changes![i].Kind is not HeaderChangeKind.Append && _received.HasName(receivedLine, _changes[i].Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The place of the last Set or Remove of that name, or -1.</summary>
    private int LastReplacement(string name)
    {
        for (int i = ChangeCount - 1; i >= 0; i--)
        {
            if (_changes![i].Kind is not HeaderChangeKind.Append && Same(_changes[i].Name, name))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
