using Tests.Shared;

namespace Envoy.Api.Protos.Tests;

/// <summary>
/// The public API of Envoy 1.40 as facts, one row a line and tab-separated: <c>rpc service method input output</c>,
/// <c>message name file reserved</c>, <c>field message name number label type oneof json_name [deprecated]</c>,
/// <c>enum name value number</c>. Row for row the same as what <see cref="OurRows"/> makes of our descriptors.
/// </summary>
internal static class UpstreamTable
{
    /// <summary>Rows by the message, enum or service that they are about; a thing listed in two tables counts once.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> Rows { get; } = Read();

    public static IEnumerable<string> Subjects(string kind) =>
        Rows.Where(about => about.Value.Any(row => row.StartsWith(kind + "\t", StringComparison.Ordinal))).Select(about => about.Key);

    private static Dictionary<string, HashSet<string>> Read() =>
        Directory.GetFiles(Repository.PathOf("tests", "Envoy.Api.Protos.Tests", "UpstreamTables"), "*.tsv")
            .SelectMany(File.ReadAllLines)
            .Select(line => line.TrimEnd())
            .GroupBy(row => row.Split('\t')[1])
            .ToDictionary(rows => rows.Key, rows => rows.ToHashSet());
}
