using PolicyValidator.Configuration;
using PolicyValidator.Files;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using PolicyValidator.Suppressions;

namespace PolicyValidator.Cli;

/// <summary>A baseline on disk: findings that were there before, by their fingerprints, relative to the file's own folder.</summary>
/// <param name="path">The file.</param>
/// <param name="within">Where it must really lie; null for anywhere.</param>
internal sealed class BaselineFile(string path, Boundary? within)
{
    private const int Version = 1;

    /// <summary>Some hundred thousand findings.</summary>
    private const int MaxBytes = 32 << 20;

    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It is missing, or no baseline.</exception>
    public Baseline Read()
    {
        DemandInside();
        if (!Path.Exists(path))
        {
            throw new UsageException($"there is no baseline {path}; --write-baseline makes one");
        }

        SourceText source = TextFile.Read(path, within is null ? "the file of --baseline" : "the baseline of the configuration file", MaxBytes, within);
        try
        {
            return new([.. Entries(source)]);
        }
        catch (ConfigException problem)
        {
            throw new UsageException($"{problem.Place}: {problem.Message}; --write-baseline makes a new one");
        }
    }

    /// <summary>Replaces the file by the findings of a report.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(LintReport report)
    {
        DemandInside();
        WrittenFile.Write(path, file => JsonText.Write(file, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteStartArray("findings");
            foreach ((string name, FingerprintedFinding each) in Known(report).Where(known => known.Finding.Suppressed is null))
            {
                json.WriteStartObject();
                json.WriteString("fingerprint", each.Fingerprint);
                json.WriteString("rule", each.Finding.Rule.Id);
                json.WriteString("path", name);
                json.WriteString("message", each.Finding.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    /// <summary>A report without the findings that were there before.</summary>
    public LintReport Apply(Baseline baseline, LintReport report) => report with
    {
        Files = [.. report.Files.Select(file =>
        {
            ILookup<bool, Finding> findings = Known(file).Where(each => each.Suppressed is null).ToLookup(each => baseline.Holds(each.Fingerprint), each => each.Finding);
            SuppressedFinding[] suppressed = [.. file.Suppressed, .. findings[true].Select(finding => new SuppressedFinding(finding, SuppressionSource.Baseline, Baseline.Reason))];
            return file with { Findings = [.. findings[false]], Suppressed = [.. suppressed.OrderBy(each => each.Finding.Span.Start)] };
        })],
    };

    /// <summary>The entries whose finding is gone: their file was read, or is there no more, and the rule was run.</summary>
    public IEnumerable<BaselineEntry> Stale(Baseline baseline, LintReport report, IReadOnlyList<Rule> rules)
    {
        HashSet<string> found = [.. Known(report).Select(known => known.Finding.Fingerprint)];
        HashSet<string> read = [.. report.Files.Select(NameOf)];
        Boundary checkout = Boundary.Around(folder);
        HashSet<string> run = [.. rules.Where(rule => rule.Versions.Contains(report.Target.Version)).Select(rule => rule.Id)];
        return baseline.Entries.Where(entry =>
            !found.Contains(entry.Fingerprint)
            && (read.Contains(entry.Path) ? run.Contains(entry.Rule) : !IsThere(entry.Path, checkout)));
    }

    /// <summary>Whether a file of the checkout is there; of others a baseline may not ask.</summary>
    private bool IsThere(string name, Boundary checkout)
    {
        try
        {
            return RealPath.Of(Path.Combine(folder, name)) is var real && checkout.Holds(real) && File.Exists(real);
        }
        catch (IOException)
        {
            // Its links lead round in a ring.
            return false;
        }
    }

    /// <summary>A path that a checkout's settings name is not even asked whether it is there, when it lies outside.</summary>
    private void DemandInside()
    {
        try
        {
            within?.Demand(RealPath.Of(path));
        }
        catch (IOException trouble)
        {
            throw new UsageException($"the baseline of the configuration file, {path}, {trouble.Message}; --baseline names any file");
        }
    }

    private IEnumerable<(string Name, FingerprintedFinding Finding)> Known(LintReport report) =>
        report.Files.SelectMany(file => Known(file).Select(each => (NameOf(file), each)));

    private IEnumerable<FingerprintedFinding> Known(FileReport file) => FingerprintedFinding.Of(file, NameOf(file));

    private string NameOf(FileReport file) => ReportPath.Of(folder, file.Source.Name);

    private static IEnumerable<BaselineEntry> Entries(SourceText source)
    {
        SourceDocument document = DocumentReader.Read(source) is [var only] ? only : throw new ConfigException(source, default, "this is no baseline");
        foreach (SyntaxProblem problem in document.Problems)
        {
            throw new ConfigException(source, problem.Span, problem.Message);
        }

        Dictionary<string, ConfigValue> root = Fields(new(source, document.Root ?? throw new ConfigException(source, default, "the baseline is empty")));
        if (Field(root, "version", document.Root, source).Count() != Version)
        {
            throw root["version"].Not($"the version {Version} of baselines");
        }

        ConfigValue findings = Field(root, "findings", document.Root, source);
        return findings.Node is SequenceNode { Items.Count: 0 } ? [] : findings.Items().Select(item =>
        {
            Dictionary<string, ConfigValue> fields = Fields(item);
            string Text(string name) => Field(fields, name, item.Node, source).Text();
            return new BaselineEntry(Text("fingerprint"), Text("rule"), Text("path"), Text("message"));
        });
    }

    private static Dictionary<string, ConfigValue> Fields(ConfigValue value) => value.Fields().ToDictionary(field => field.Key.Text(), field => field.Value);

    private static ConfigValue Field(Dictionary<string, ConfigValue> fields, string name, Node around, SourceText source) =>
        fields.TryGetValue(name, out ConfigValue value) ? value : throw new ConfigException(source, around.UseSpan, $"{name} is missing");
}
