using System.Text.Json;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>For programs: one object, whose shape is <c>docs/policy-validator-report.schema.json</c>.</summary>
internal sealed class JsonReporter : IReporter
{
    /// <summary>Grows when a reader of the old shape could not read the new one.</summary>
    public const int SchemaVersion = 1;

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output) => JsonText.Write(output, json => WriteReport(report, json));

    private static void WriteReport(LintReport report, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("target", report.Target.Text);
        json.WriteStartArray("files");
        foreach (FileReport file in report.Files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Source.Name);
            WriteFound(file.Found, json);
            json.WriteStartArray("findings");
            foreach (Finding finding in file.Findings)
            {
                WriteFinding(finding, json);
            }

            json.WriteEndArray();
            json.WriteStartArray("suppressed");
            foreach (SuppressedFinding suppressed in file.Suppressed)
            {
                WriteSuppressed(suppressed, json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WritePassedOver(report.PassedOver, json);
        json.WriteEndObject();
    }

    private static void WritePassedOver(IReadOnlyList<PassedOverFile> files, Utf8JsonWriter json)
    {
        json.WriteStartArray("passedOver");
        foreach (PassedOverFile file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("reason", file.ReasonName);
            json.WriteBoolean("speaksOfExtProc", file.SpeaksOfExtProc);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFound(IReadOnlyList<FoundExtProc> found, Utf8JsonWriter json)
    {
        json.WriteStartArray("found");
        foreach (FoundExtProc each in found)
        {
            json.WriteStartObject();
            json.WriteString("what", each.What);
            json.WriteString("in", each.Holder);
            json.WriteNumber("count", each.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSuppressed(SuppressedFinding suppressed, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("rule", suppressed.Finding.Rule.Id);
        WriteSpan(suppressed.Finding.Source, suppressed.Finding.Span, json);
        json.WriteString("message", suppressed.Finding.Message);
        json.WriteString("source", suppressed.Source.ToString().ToLowerInvariant());
        json.WriteString("reason", suppressed.Reason);
        json.WriteEndObject();
    }

    private static void WriteFinding(Finding finding, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("rule", finding.Rule.Id);
        json.WriteString("name", finding.Rule.Name);
        json.WriteString("severity", SeverityNames.Of(finding.Severity));
        WriteSpan(finding.Source, finding.Span, json);
        json.WriteString("pointer", finding.Pointer);
        json.WriteString("message", finding.Message);
        json.WriteString("why", finding.Why);
        json.WriteString("help", finding.Help);
        json.WriteString("versions", finding.Versions.ToString());
        WriteRelated(finding.Related, json);
        json.WritePropertyName("fix");
        WriteFix(finding.Source, finding.Fix, json);
        json.WriteEndObject();
    }

    /// <summary>Absent where a finding has only its own place.</summary>
    private static void WriteRelated(IReadOnlyList<RelatedPlace> places, Utf8JsonWriter json)
    {
        if (places.Count == 0)
        {
            return;
        }

        json.WriteStartArray("related");
        foreach (RelatedPlace place in places)
        {
            json.WriteStartObject();
            json.WriteString("path", place.Source.Name);
            WriteSpan(place.Source, place.Span, json);
            json.WriteString("pointer", place.Pointer);
            json.WriteString("message", place.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFix(SourceText source, Fix? fix, Utf8JsonWriter json)
    {
        if (fix is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteBoolean("safe", fix.Safe);
        json.WriteStartArray("edits");
        foreach (TextEdit edit in fix.Edits)
        {
            json.WriteStartObject();
            WriteSpan(source, edit.Span, json);
            json.WriteString("text", edit.NewText);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSpan(SourceText source, SourceSpan span, Utf8JsonWriter json)
    {
        SourcePosition start = source.PositionAt(span.Start), end = source.PositionAt(span.End);
        json.WriteNumber("line", start.Line);
        json.WriteNumber("column", start.Column);
        json.WriteNumber("endLine", end.Line);
        json.WriteNumber("endColumn", end.Column);
    }
}
