using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// The schemas of one kind of resource, release by release, out of a text beside the code: a line a field, with the releases that have it
/// so and what they ask of it. <c>make test-cluster</c> compares those of Envoy Gateway and Istio with the published definitions. What is
/// marked as inferred, or has a question mark, is not sure to be refused.
/// </summary>
internal sealed partial class CrdTable
{
    private static readonly ConcurrentDictionary<string, CrdTable> Loaded = new(StringComparer.Ordinal);
    private static readonly string[] BoundNames = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties"];

    private readonly string[] lines;
    private readonly ConcurrentDictionary<ProductVersion, CrdSchema> schemas = new();

    private CrdTable(string kind)
    {
        using Stream stream = typeof(CrdTable).Assembly.GetManifestResourceStream($"PolicyValidator.Kubernetes.Schemas.{kind}.txt")!;
        using StreamReader reader = new(stream);
        string[] text = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines = [.. text.Where(line => !line.StartsWith('#'))];
        Releases = [.. Header(text, "releases").Split(' ').Select(ProductVersion.Parse)];
        Source = Header(text, "source");
    }

    /// <summary>The releases whose definitions were read, the oldest first.</summary>
    public IReadOnlyList<ProductVersion> Releases { get; }

    /// <summary>What was read.</summary>
    public string Source { get; }

    /// <summary>Each field with the releases that have it so, in the order of the paths.</summary>
    public IEnumerable<CrdCell> Cells =>
        from row in lines.Select(line => line.Split('\t'))
        let ends = row[1].Split('-')
        select new CrdCell(Read(row[0] == "." ? "" : row[0], row.AsSpan(2)), Version(ends[0]), Version(ends[1]));

    /// <summary>The table of a kind.</summary>
    public static CrdTable Of(string kind) => Loaded.GetOrAdd(kind, static kind => new(kind));

    /// <summary>The schema of a release, or of the one that stands for it.</summary>
    public CrdSchema At(ProductVersion release) => schemas.GetOrAdd(Nearest(release), Build);

    /// <summary>The first release, after the given one, that has a field; null when none has.</summary>
    public ProductVersion? FirstWith(string path, ProductVersion after)
    {
        foreach (ProductVersion release in Releases.Where(release => release > after))
        {
            if (lines.Any(line => line.StartsWith(path + "\t", StringComparison.Ordinal) && Covers(line.Split('\t')[1], release)))
            {
                return release;
            }
        }

        return null;
    }

    /// <summary>The release that was read and stands for another: of the same line if there is one, else the one before it.</summary>
    public ProductVersion Nearest(ProductVersion release)
    {
        ProductVersion[] line = [.. Releases.Where(each => (each.Major, each.Minor) == (release.Major, release.Minor))];
        return (line.Length > 0 ? line : Releases).Where(each => each <= release).DefaultIfEmpty(line.Length > 0 ? line[0] : Releases[0]).Last();
    }

    private CrdSchema Build(ProductVersion release)
    {
        CrdSchema root = new() { Path = "" };
        Dictionary<string, CrdSchema> byPath = new(StringComparer.Ordinal);
        foreach (string[] row in lines.Select(line => line.Split('\t')).Where(row => Covers(row[1], release)))
        {
            string path = row[0] == "." ? "" : row[0];
            CrdSchema schema = Read(path, row.AsSpan(2));
            byPath[path] = schema;
            Attach(byPath, schema);
        }

        return byPath.GetValueOrDefault("", root);
    }

    private static void Attach(Dictionary<string, CrdSchema> byPath, CrdSchema schema)
    {
        string path = schema.Path;
        if (path.EndsWith("[]", StringComparison.Ordinal))
        {
            byPath[path[..^2]].Items = schema;
        }
        else if (path.EndsWith("{}", StringComparison.Ordinal))
        {
            byPath[path[..^2]].FreeValues = schema;
        }
        else if (path.LastIndexOf('.') is var dot and >= 0)
        {
            byPath[path[..dot]].Fields[path[(dot + 1)..]] = schema;
        }
    }

    private static string Header(string[] text, string name) => text.First(line => line.StartsWith($"# {name}: ", StringComparison.Ordinal))[(name.Length + 4)..];

    private static ProductVersion? Version(string end) => end.Length == 0 ? null : ProductVersion.Parse(end);

    private static bool Covers(string stretch, ProductVersion release)
    {
        string[] ends = stretch.Split('-');
        return (ends[0].Length == 0 || ProductVersion.Parse(ends[0]) <= release) && (ends[1].Length == 0 || release <= ProductVersion.Parse(ends[1]));
    }

    private static CrdSchema Read(string path, ReadOnlySpan<string> words)
    {
        ILookup<string, string> of = words.ToArray().ToLookup(word => word[..word.IndexOf('=', StringComparison.Ordinal)], word => word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        string[] list = of["list"].FirstOrDefault()?.Split('|') ?? [];
        return new()
        {
            Path = path,
            Type = of["type"].FirstOrDefault(),
            Format = of["format"].FirstOrDefault(),
            Values = of["enum"].FirstOrDefault()?.Split('|') ?? [],
            UnsureValues = of["enum?"].FirstOrDefault()?.Split('|') ?? [],
            UnsurePatterns = [.. of["pattern?"].Select(Pattern)],
            IsInferred = of["basis"].Any(),
            Patterns = [.. of["pattern"].Select(Pattern)],
            Bounds = BoundNames.Where(name => of[name].Any()).ToDictionary(name => name, name => double.Parse(of[name].First(), CultureInfo.InvariantCulture)),
            IsMaximumExclusive = of["exclusiveMaximum"].Any(),
            Required = of["required"].FirstOrDefault()?.Split('|') ?? [],
            IsNullable = of["nullable"].Any(),
            IsOpen = of["open"].Any(),
            ListType = list.FirstOrDefault(),
            ListKeys = [.. list.Skip(1)],
            Default = of["default"].FirstOrDefault(),
        };
    }

    /// <summary>Go's <c>$</c> is the very end; ours would let a line end stand behind. Inside of a class it is a letter.</summary>
    private static Regex Pattern(string pattern) =>
        new(EndOfText().Replace(pattern, @"\z"), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    [GeneratedRegex(@"\$(?=[|)]|\z)")]
    private static partial Regex EndOfText();
}
