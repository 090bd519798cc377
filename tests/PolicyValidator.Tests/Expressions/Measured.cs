using System.Text.Json;
using Tests.Shared;

namespace PolicyValidator.Tests.Expressions;

/// <summary>Verdicts of real Envoys, one JSON array a line.</summary>
internal static class Measured
{
    public static IEnumerable<JsonElement[]> Rows(string file)
    {
        foreach (string line in File.ReadLines(Repository.PathOf("tests", "PolicyValidator.Tests", "Expressions", file)))
        {
            yield return [.. JsonSerializer.Deserialize<JsonElement>(line).EnumerateArray()];
        }
    }
}
