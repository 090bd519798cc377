using System.Globalization;
using System.Text;

namespace ExtProc.EndToEnd.Wire;

/// <summary>One HTTP/1.1 connection, seen from either end: heads, bodies by length or in chunks, trailers (RFC 9112).</summary>
internal sealed class Http1Wire(Stream stream)
{
    private const int PieceLimitBytes = 64 * 1024;
    private readonly byte[] buffer = new byte[PieceLimitBytes];
    private int from;
    private int to;

    /// <summary>The first line and the fields of a message; null when the peer closed before it sent one.</summary>
    public async Task<(string FirstLine, Fields Fields)?> ReadHeadAsync(CancellationToken cancel)
    {
        if (await ReadLineAsync(cancel) is not { } first)
        {
            return null;
        }

        return (first, await ReadFieldsAsync(cancel));
    }

    public async Task<Fields> ReadFieldsAsync(CancellationToken cancel)
    {
        var fields = new Fields();
        while (await ReadLineAsync(cancel) is { } line)
        {
            if (line.Length == 0)
            {
                return fields;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 1)..].Trim());
        }

        throw new CutShortException("the connection closed among header fields");
    }

    /// <summary>The size of the next chunk; 0 is the last.</summary>
    public async Task<int> ReadChunkSizeAsync(CancellationToken cancel)
    {
        string line = await ReadLineAsync(cancel) ?? throw new CutShortException("the connection closed before the last chunk");
        return int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    public async Task ReadChunkEndAsync(CancellationToken cancel) => await ReadLineAsync(cancel);

    /// <summary>At most so many bytes; empty when the peer closed.</summary>
    public async Task<byte[]> ReadSomeAsync(long limitBytes, CancellationToken cancel)
    {
        if (from == to && !await FillAsync(cancel))
        {
            return [];
        }

        int count = (int)Math.Min(limitBytes, to - from);
        byte[] piece = buffer[from..(from + count)];
        from += count;
        return piece;
    }

    public async Task WriteHeadAsync(string firstLine, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancel)
    {
        var text = new StringBuilder(firstLine).Append("\r\n");
        AppendFields(text, fields);
        await WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), cancel);
    }

    public async Task WriteChunkAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        byte[] size = Encoding.ASCII.GetBytes($"{data.Length:x}\r\n");
        byte[] chunk = new byte[size.Length + data.Length + 2];
        size.CopyTo(chunk, 0);
        data.Span.CopyTo(chunk.AsSpan(size.Length));
        "\r\n"u8.CopyTo(chunk.AsSpan(size.Length + data.Length));
        await WriteAsync(chunk, cancel);
    }

    public async Task WriteLastChunkAsync(IEnumerable<KeyValuePair<string, string>> trailers, CancellationToken cancel)
    {
        var text = new StringBuilder("0\r\n");
        AppendFields(text, trailers);
        await WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), cancel);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        await stream.WriteAsync(data, cancel);
        await stream.FlushAsync(cancel);
    }

    private static void AppendFields(StringBuilder text, IEnumerable<KeyValuePair<string, string>> fields)
    {
        foreach (var (name, value) in fields)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        text.Append("\r\n");
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (from < to || await FillAsync(cancel))
        {
            int end = Array.IndexOf(buffer, (byte)'\n', from, to - from);
            int stop = end < 0 ? to : end;
            line.Append(Encoding.Latin1.GetString(buffer, from, stop - from));
            from = end < 0 ? to : end + 1;
            if (end >= 0)
            {
                return line.ToString().TrimEnd('\r');
            }
        }

        return line.Length == 0 ? null : throw new CutShortException($"the connection closed after \"{line}\"");
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        try
        {
            from = 0;
            to = 0;
            to = await stream.ReadAsync(buffer, cancel);
            return to > 0;
        }
        catch (IOException e) when (e is not CutShortException)
        {
            throw new CutShortException($"the connection broke: {e.Message}");
        }
    }
}
