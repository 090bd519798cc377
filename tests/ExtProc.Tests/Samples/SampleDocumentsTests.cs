using ExtProc.Tests.Documents;
using Tests.Shared;

namespace ExtProc.Tests.Samples;

/// <summary>The library's README shows the samples as they are.</summary>
public sealed class SampleDocumentsTests
{
    private const string Page = "docs/in-your-own-app.md";

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.PathOf("samples/ExtProc.Samples"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    /// <summary>Each example of a document, the document, and the tests that it is in.</summary>
    public static TheoryData<string, string, string> Examples
    {
        get
        {
            TheoryData<string, string, string> rows = new()
            {
                { "src/ExtProc/README.md", "ReadmeExamples", "one-expectation" },
                { "src/ExtProc.Testing/README.md", "ReadmeExamples", "every-mode" },
            };
            foreach (string name in NamesIn("InAppExamples", "app-"))
            {
                rows.Add(Page, "InAppExamples", name);
            }

            foreach (string name in NamesIn("FrontExamples", "front-"))
            {
                rows.Add("src/ExtProc.Front/README.md", "FrontExamples", name);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_document_shows_an_example_that_is_a_test(string document, string tests, string name)
    {
        string[] code = File.ReadAllLines(Repository.PathOf($"tests/ExtProc.Tests/Samples/{tests}.cs"));
        string[] after = [.. code.SkipWhile(line => line.Trim() != $"// {name}:").Skip(1)];
        int indent = after[0].Length - after[0].TrimStart().Length;
        IEnumerable<string> shown = after.TakeWhile(line => line.Length > indent && string.IsNullOrWhiteSpace(line[..indent]));

        Golden.Section(document, $"example-{name}", $"```csharp\n{string.Join('\n', shown.Select(line => line[indent..]))}\n```");
    }

    [Fact]
    public void The_page_shows_the_sample_app() =>
        Golden.Section(Page, "sample-InApp", $"```csharp\n{File.ReadAllText(Repository.PathOf("samples/ExtProc.InApp/Program.cs")).TrimEnd()}\n```");

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

    private static IEnumerable<string> NamesIn(string tests, string prefix) => File.ReadLines(Repository.PathOf($"tests/ExtProc.Tests/Samples/{tests}.cs"))
        .Select(line => line.Trim())
        .Where(line => line.StartsWith($"// {prefix}", StringComparison.Ordinal) && line.EndsWith(':'))
        .Select(line => line[3..^1]);
}
