using System.Text;
using PolicyValidator.Kubernetes;
using Tests.Shared;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>The page about the definitions says what the tables say.</summary>
public sealed class DefinitionDocumentTests
{
    private const int LongestPattern = 70;

    /// <summary>The tables that are told there: those which <c>make test-cluster</c> does not compare with published definitions.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["GatewayExtension", "TrafficPolicy", "AgentgatewayPolicy", "GCPTrafficExtension", "GCPRoutingExtension", "GCPEdgeExtension", "GCPAuthzExtension", "LbExtension", "AuthzExtension"];

    public static TheoryData<string> Tables { get; } = [.. Kinds];

    [Theory, MemberData(nameof(Tables))]
    public void The_page_has_every_field_with_its_releases_and_where_it_was_read(string kind)
    {
        CrdTable table = CrdTable.Of(kind);
        StringBuilder text = new($"Read in: {table.Source}.\n\n| field | releases | what it takes | default | sure |\n|---|---|---|---|---|\n");
        foreach (CrdCell cell in table.Cells.Where(cell => cell.Schema.Path is not ("" or ".status")))
        {
            CrdSchema schema = cell.Schema;
            text.Append($"| `{schema.Path.TrimStart('.')}` | {Releases(table, cell)} | {Takes(schema)} | {(schema.Default is { } value ? $"`{value}`" : "")} | {Sure(schema)} |\n");
        }

        Golden.Section("docs/definitions.md", kind, text.ToString());
    }

    private static string Releases(CrdTable table, CrdCell cell) => (cell.Since, cell.Until) switch
    {
        (null, null) => table.Releases.Count == 1 ? "the newest" : "all",
        ({ } since, null) => $"{since.Line} and later",
        (null, { } until) => $"up to {until.Line}",
        ({ } since, { } until) => since == until ? since.Line : $"{since.Line} to {until.Line}",
    };

    private static string Takes(CrdSchema schema)
    {
        string[] bounds = [.. schema.Bounds.Select(bound => $"{bound.Key} {bound.Value}")];
        return string.Join("; ", new[]
        {
            schema.Type ?? "known by name only",
            schema.Values.Count > 0 ? string.Join(", ", schema.Values.Select(value => value.Length == 0 ? "`\"\"`" : $"`{value}`")) : "",
            schema.UnsureValues.Count > 0 ? "perhaps " + string.Join(", ", schema.UnsureValues.Select(value => $"`{value}`")) : "",
            schema.Patterns.Count > 0 ? Form(schema.Patterns[^1].ToString()) : "",
            schema.UnsurePatterns.Count > 0 ? "perhaps a pattern of its words" : "",
            string.Join(", ", bounds),
            schema.Required.Count > 0 ? "needs " + string.Join(", ", schema.Required.Select(name => $"`{name}`")) : "",
            schema.Type is not null && schema.IsOpen ? "any fields" : "",
        }.Where(part => part.Length > 0));
    }

    private static string Form(string pattern)
    {
        string shown = pattern.Replace(@"\z", "$", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
        return shown.Length <= LongestPattern && !shown.Contains('`', StringComparison.Ordinal) ? $"`{shown}`" : "a pattern";
    }

    private static string Sure(CrdSchema schema) => schema.IsInferred ? "inferred" : "yes";
}
