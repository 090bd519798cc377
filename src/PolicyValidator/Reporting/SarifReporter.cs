using System.Text.Json;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>SARIF 2.1.0, for code scanning: rules, places, fixes, and fingerprints by which a finding is known again.</summary>
internal sealed class SarifReporter : IReporter
{
    /// <summary>What relative paths are relative to; its place is the reader's business.</summary>
    private const string Root = "SRCROOT";

    /// <summary>GitHub refuses a run with more.</summary>
    private const int MostResults = 25_000;

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output) => JsonText.Write(output, json =>
    {
        Rule[] rules = [.. report.Files.SelectMany(file => file.Findings.Concat(file.Suppressed.Select(each => each.Finding))).Select(finding => finding.Rule).Distinct().OrderBy(rule => rule.Id, StringComparer.Ordinal)];
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        SarifTool.Write(rules, json);
        json.WriteString("columnKind", "unicodeCodePoints");
        WriteRoot(json);
        WriteArtifacts(report, json);
        Dictionary<Rule, int> places = rules.Index().ToDictionary(rule => rule.Item, rule => rule.Index);
        (FingerprintedFinding Finding, string Path)[] shown = [.. report.Files.SelectMany(file => Shown(report, file))];
        json.WriteStartArray("results");
        foreach ((FingerprintedFinding each, string path) in Worst(shown))
        {
            WriteResult(report, each, path, places[each.Finding.Rule], json);
        }

        json.WriteEndArray();
        WriteLeft(report.Files.Sum(file => file.Findings.Count + file.Suppressed.Count) - Math.Min(shown.Length, MostResults), json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static IEnumerable<(FingerprintedFinding Finding, string Path)> Shown(LintReport report, FileReport file)
    {
        string path = ReportPath.Of(report, file.Source);
        HashSet<Finding> shown = new(ShownFindings.Of(file, report).Findings, ReferenceEqualityComparer.Instance);
        return FingerprintedFinding.Of(file, path).Where(each => each.Suppressed is not null || shown.Contains(each.Finding)).Select(each => (each, path));
    }

    private static IEnumerable<(FingerprintedFinding Finding, string Path)> Worst((FingerprintedFinding Finding, string Path)[] all) => all.Length <= MostResults
        ? all
        : all.Index().OrderByDescending(each => (each.Item.Finding.Suppressed is null, each.Item.Finding.Finding.Severity)).Take(MostResults).OrderBy(each => each.Index).Select(each => each.Item);

    /// <summary>Says how many results are not there; nothing when all are.</summary>
    private static void WriteLeft(int count, Utf8JsonWriter json)
    {
        if (count == 0)
        {
            return;
        }

        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", true);
        json.WriteStartArray("toolExecutionNotifications");
        json.WriteStartObject();
        json.WriteString("level", "note");
        SarifTool.WriteText("message", $"{count} more findings are not in this report; --format json has all.", json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteRoot(Utf8JsonWriter json)
    {
        json.WriteStartObject("originalUriBaseIds");
        json.WriteStartObject(Root);
        SarifTool.WriteText("description", "The root of the checkout.", json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>All files that were read, so that a clean one is known to have been looked at.</summary>
    private static void WriteArtifacts(LintReport report, Utf8JsonWriter json)
    {
        json.WriteStartArray("artifacts");
        foreach (FileReport file in report.Files)
        {
            json.WriteStartObject();
            WriteLocation("location", ReportPath.Of(report, file.Source), json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResult(LintReport report, FingerprintedFinding each, string path, int rule, Utf8JsonWriter json)
    {
        Finding finding = each.Finding;
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule.Id);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", SarifTool.Level(finding.Severity));
        SarifTool.WriteMessage("message", $"{finding.Message}: {finding.Help}.", json);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        WriteLocation("artifactLocation", path, json);
        WriteRegion("region", finding.Source, finding.Span, json);
        json.WriteEndObject();
        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", finding.Pointer.Length == 0 ? "/" : finding.Pointer);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        WriteRelated(report, finding, json);
        json.WriteStartObject("partialFingerprints");
        json.WriteString("policyValidator/v1", each.Fingerprint);
        json.WriteEndObject();
        WriteFix(finding, path, json);
        WriteSuppression(each.Suppressed, json);
        json.WriteEndObject();
    }

    private static void WriteRelated(LintReport report, Finding finding, Utf8JsonWriter json)
    {
        if (finding.Related.Count == 0)
        {
            return;
        }

        json.WriteStartArray("relatedLocations");
        foreach ((int id, RelatedPlace place) in finding.Related.Index())
        {
            json.WriteStartObject();
            json.WriteNumber("id", id + 1);
            json.WriteStartObject("physicalLocation");
            WriteLocation("artifactLocation", ReportPath.Of(report, place.Source), json);
            WriteRegion("region", place.Source, place.Span, json);
            json.WriteEndObject();
            SarifTool.WriteMessage("message", $"{place.Message}.", json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSuppression(SuppressedFinding? suppressed, Utf8JsonWriter json)
    {
        json.WriteStartArray("suppressions");
        if (suppressed is not null)
        {
            json.WriteStartObject();
            json.WriteString("kind", suppressed.Source == SuppressionSource.Comment ? "inSource" : "external");
            json.WriteString("justification", suppressed.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFix(Finding finding, string path, Utf8JsonWriter json)
    {
        if (finding.Fix is not { } fix)
        {
            return;
        }

        json.WriteStartArray("fixes");
        json.WriteStartObject();
        SarifTool.WriteMessage("description", $"{fix.Title} ({(fix.Safe ? "safe" : "a choice")}).", json);
        json.WriteStartArray("artifactChanges");
        json.WriteStartObject();
        WriteLocation("artifactLocation", path, json);
        json.WriteStartArray("replacements");
        foreach (TextEdit edit in fix.Edits)
        {
            json.WriteStartObject();
            WriteRegion("deletedRegion", finding.Source, edit.Span, json);
            SarifTool.WriteText("insertedContent", edit.NewText, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteLocation(string name, string path, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteString("uri", ReportPath.Uri(path));
        if (!path.StartsWith('/'))
        {
            json.WriteString("uriBaseId", Root);
        }

        json.WriteEndObject();
    }

    private static void WriteRegion(string name, SourceText source, SourceSpan span, Utf8JsonWriter json)
    {
        SourcePosition start = source.PositionAt(span.Start), end = source.PositionAt(span.End);
        json.WriteStartObject(name);
        json.WriteNumber("startLine", start.Line);
        json.WriteNumber("startColumn", start.Column);
        json.WriteNumber("endLine", end.Line);
        json.WriteNumber("endColumn", end.Column);
        json.WriteEndObject();
    }
}
