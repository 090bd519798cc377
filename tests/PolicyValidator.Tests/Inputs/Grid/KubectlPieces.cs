using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Has kubectl read pieces, hundreds in one call. It labels them without asking a server: that shows what it read.</summary>
internal static partial class KubectlPieces
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The program that KUBECTL names, which <c>scripts/test-cluster</c> sets; else the one on PATH.</summary>
    private static string Program => Environment.GetEnvironmentVariable("KUBECTL") is { Length: > 0 } given ? given : "kubectl";

    /// <summary>What kubectl reads of each text, as <see cref="PieceJson"/> writes it; null where it refuses the file.</summary>
    public static async Task<IReadOnlyList<string?>> ReadAsync(IReadOnlyList<GridText> texts)
    {
        using TempFolder folder = new();
        for (int number = 0; number < texts.Count; number++)
        {
            File.WriteAllText(Path.Combine(folder.Path, $"{number:D6}.yaml"), texts[number].KubernetesFile(number));
        }

        (string printed, string said) = await RunAsync(folder.Path);
        Dictionary<int, string> found = Pieces(printed);
        HashSet<int> refused = [.. Refusal().Matches(said).Select(match => int.Parse(match.Groups["number"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))];
        return [.. Enumerable.Range(0, texts.Count).Select(number => refused.Contains(number) ? null : found.GetValueOrDefault(number, PieceJson.NotRead))];
    }

    private static async Task<(string Printed, string Said)> RunAsync(string folder)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, ["label", "--local", "-f", folder, "-o", "json", "a=b"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> printed = process.StandardOutput.ReadToEndAsync(), said = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (await printed, await said);
    }

    private static Dictionary<int, string> Pieces(string printed)
    {
        Dictionary<int, string> found = [];
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(printed), new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 256 });
        while (reader.Read())
        {
            JsonNode made = JsonNode.Parse(ref reader)!;
            if (((string?)made["metadata"]?["name"])?.Split('-') is ["piece", var number])
            {
                found[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)] = PieceJson.Of(made["data"]?["in"]?["the"]?["piece"]);
            }
        }

        return found;
    }

    /// <summary>Of other complaints, such as an object without a kind, the reader is not the cause.</summary>
    [GeneratedRegex(@"error parsing \S*/(?<number>[0-9]{6})\.yaml", RegexOptions.ExplicitCapture)]
    private static partial Regex Refusal();
}
