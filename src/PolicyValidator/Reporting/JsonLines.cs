using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyValidator.Reporting;

/// <summary>
/// Prints JSON line by line while it is written, so that a report of very many findings is never in memory as a whole. No character is
/// obeyed by what shows it: the writer of JSON leaves those as they are that turn the direction of the line, and the words of CI systems.
/// Both can stand in strings only, where an escape means the same, and no string goes over the end of a line.
/// </summary>
/// <param name="output">Where to.</param>
internal sealed partial class JsonLines(TextWriter output) : IBufferWriter<byte>
{
    private const int Least = 16 * 1024;

    private byte[] buffer = new byte[Least];

    private int used;

    /// <inheritdoc/>
    public void Advance(int count) => used += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (buffer.Length - used < wanted)
        {
            Print(buffer.AsSpan(0, used).LastIndexOf((byte)'\n') + 1);
        }

        if (buffer.Length - used < wanted)
        {
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, used + wanted));
        }

        return buffer.AsMemory(used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Prints the last line, and its end.</summary>
    public void End()
    {
        Print(used);
        output.Write('\n');
    }

    private void Print(int length)
    {
        output.Write(Escaped(Encoding.UTF8.GetString(buffer, 0, length)));
        buffer.AsSpan(length, used - length).CopyTo(buffer);
        used -= length;
    }

    private static string Escaped(string json) => Obeyed().Replace(json, match => match.Value switch
    {
        ['#', ..] => @"\u0023#",
        [var high, var low] when !DisplayText.IsControl(new(high, low)) => match.Value,
        var obeyed => string.Concat(obeyed.Select(unit => $@"\u{(int)unit:x4}")),
    });

    [GeneratedRegex(DisplayText.LogCommandPattern + @"|[\u007f-\u009f\u2028\u2029\p{Cf}]|[\ud800-\udbff][\udc00-\udfff]", RegexOptions.CultureInvariant)]
    private static partial Regex Obeyed();
}
