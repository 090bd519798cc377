using ExtProc.Tests.Documents;
using Tests.Shared;

namespace ExtProc.Tests.Samples;

/// <summary>The library's README shows the samples as they are.</summary>
public sealed class SampleDocumentsTests
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.PathOf("samples/ExtProc.Samples"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    /// <summary>Each example of a README, and the README.</summary>
    public static TheoryData<string, string> Examples => new()
    {
        { "src/ExtProc/README.md", "one-expectation" },
        { "src/ExtProc.Testing/README.md", "every-mode" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_README_shows_an_example_that_is_a_test(string document, string name)
    {
        string[] code = File.ReadAllLines(Repository.PathOf("tests/ExtProc.Tests/Samples/ReadmeExamples.cs"));
        string[] shown = [.. code.SkipWhile(line => line.Trim() != $"// {name}:").Skip(1).TakeWhile(line => line.Length > 0 && line.Trim() != "}")];
        int indent = shown[0].Length - shown[0].TrimStart().Length;

        Golden.Section(document, $"example-{name}", $"```csharp\n{string.Join('\n', shown.Select(line => line[indent..]))}\n```");
    }

    [Fact]
    public void Every_piece_of_code_in_a_document_is_compiled_somewhere()
    {
        List<string> written = [];
        foreach (string document in LinkTests.Paths())
        {
            bool isGenerated = false;
            foreach ((int at, string line) in File.ReadLines(Repository.PathOf(document)).Index())
            {
                isGenerated = line.EndsWith(":begin, generated -->", StringComparison.Ordinal) || (isGenerated && !line.EndsWith(":end -->", StringComparison.Ordinal));
                if (!isGenerated && line.TrimStart().StartsWith("```cs", StringComparison.Ordinal))
                {
                    written.Add($"{document}:{at + 1}");
                }
            }
        }

        Assert.Empty(written);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task The_README_shows_every_sample(string name)
    {
        string code = await File.ReadAllTextAsync(Repository.PathOf($"samples/ExtProc.Samples/{name}.cs"));
        IEnumerable<string> shown = code.Split('\n').SkipWhile(line => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("namespace ", StringComparison.Ordinal));

        Golden.Section("src/ExtProc/README.md", $"sample-{name}", $"```csharp\n{string.Join('\n', shown).TrimEnd()}\n```");
    }
}
