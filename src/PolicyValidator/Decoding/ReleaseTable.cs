using System.Collections.Frozen;
using System.Globalization;
using PolicyValidator.Rules;

namespace PolicyValidator.Decoding;

/// <summary>A list of names of which each exists in a stretch of release lines, kept beside the code as text.</summary>
internal sealed class ReleaseTable
{
    private readonly FrozenDictionary<string, (int From, int To)> lines;

    private ReleaseTable(FrozenDictionary<string, (int From, int To)> lines) => this.lines = lines;

    /// <summary>Whether a release has the name.</summary>
    public bool Has(string name, EnvoyVersion version) =>
        lines.TryGetValue(name, out (int From, int To) stretch) && version.Minor >= stretch.From && version.Minor <= stretch.To;

    /// <summary>Reads a resource: a name a line, of so many words, then perhaps <c>1.37</c>, <c>-1.39</c> or <c>1.37-1.39</c>.</summary>
    public static ReleaseTable Load(string resource, int words)
    {
        using Stream stream = typeof(ReleaseTable).Assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        Dictionary<string, (int, int)> lines = new(2_000, StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] != '#')
            {
                string[] parts = line.Split(' ');
                lines[string.Join(' ', parts[..words])] = parts.Length == words ? (0, int.MaxValue) : Stretch(parts[words]);
            }
        }

        return new(lines.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static (int From, int To) Stretch(string text)
    {
        string[] ends = text.Split('-');
        return (Minor(ends[0], 0), Minor(ends.Length > 1 ? ends[1] : "", int.MaxValue));
    }

    private static int Minor(string line, int otherwise) =>
        line.Length == 0 ? otherwise : int.Parse(line.AsSpan(2), CultureInfo.InvariantCulture);
}
