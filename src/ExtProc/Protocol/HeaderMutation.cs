using System.Text;

namespace ExtProc.Protocol;

/// <summary>One change that was asked for.</summary>
internal readonly record struct HeaderChange(HeaderChangeKind Kind, string Name, string Value);

internal enum HeaderChangeKind
{
    Set,
    Append,
    Remove,
}

/// <summary>
/// Changes as Envoy must be told: it removes first and sets afterwards, takes only <c>raw_value</c>, ignores
/// <c>append_action</c>, and replaces unless the old <c>append</c> says otherwise. Source:
/// <c>envoy.service.ext_proc.v3.HeaderMutation</c>.
/// </summary>
internal readonly struct HeaderMutation
{
    private const int SetHeaders = 1, RemoveHeaders = 2;        // HeaderMutation
    private const int Header = 1, AppendFlag = 2;               // HeaderValueOption
    private const int Key = 1, RawValue = 3;                    // HeaderValue

    private readonly List<Line>? _lines;

    private HeaderMutation(List<Line> lines)
    {
        _lines = lines;
        foreach (Line line in lines)
        {
            Size += ProtoWriter.SizeOfField(SizeOf(line));
        }
    }

    /// <summary>No change.</summary>
    public static HeaderMutation None => default;

    /// <summary>Encoded size in bytes, without the field that holds it.</summary>
    public int Size { get; }

    public bool IsEmpty => _lines is null;

    /// <summary>How many entries Envoy counts against its limit.</summary>
    public int Count => _lines?.Count ?? 0;

    /// <summary>The changes from a place on, reduced to one replacement or removal a name and what is added to it.</summary>
    public static HeaderMutation Of(List<HeaderChange> changes, int from)
    {
        var lines = new List<Line>(changes.Count - from);
        for (int i = from; i < changes.Count; i++)
        {
            HeaderChange change = changes[i];
            bool appends = change.Kind is HeaderChangeKind.Append;
            bool removed = RemoveLines(lines, change.Name, onlyRemovals: appends);

            // What is added to a removed header takes its place.
            lines.Add(new(appends && removed ? HeaderChangeKind.Set : change.Kind, change.Name, change.Value));
        }

        return new(lines);
    }

    private static bool RemoveLines(List<Line> lines, string name, bool onlyRemovals)
    {
        int before = lines.Count;
        for (int i = before - 1; i >= 0; i--)
        {
            if (lines[i].Name == name && (!onlyRemovals || lines[i].Kind is HeaderChangeKind.Remove))
            {
                lines.RemoveAt(i);
            }
        }

        return lines.Count < before;
    }

    public void Write(ref ProtoWriter writer)
    {
        if (_lines is null)
        {
            return;
        }

        foreach (Line line in _lines)
        {
            if (line.Kind is HeaderChangeKind.Remove)
            {
                writer.WriteText(RemoveHeaders, line.Name, line.NameLength);
                continue;
            }

            writer.Open(SetHeaders, SizeOf(line));
            writer.Open(Header, SizeOfHeader(line));
            writer.WriteText(Key, line.Name, line.NameLength);
            writer.WriteText(RawValue, line.Value, line.ValueLength);
            if (line.Kind is HeaderChangeKind.Append)
            {
                writer.Open(AppendFlag, 2);
                writer.WriteSmall(1, 1);
            }
        }
    }

    private static int SizeOf(in Line line) => line.Kind switch
    {
        HeaderChangeKind.Remove => line.NameLength,
        HeaderChangeKind.Append => ProtoWriter.SizeOfField(SizeOfHeader(line)) + ProtoWriter.SizeOfField(2),
        _ => ProtoWriter.SizeOfField(SizeOfHeader(line)),
    };

    private static int SizeOfHeader(in Line line) => ProtoWriter.SizeOfField(line.NameLength) + ProtoWriter.SizeOfField(line.ValueLength);

    private readonly record struct Line(HeaderChangeKind Kind, string Name, string Value)
    {
        public int NameLength { get; } = Encoding.UTF8.GetByteCount(Name);

        public int ValueLength { get; } = Encoding.UTF8.GetByteCount(Value);
    }
}
