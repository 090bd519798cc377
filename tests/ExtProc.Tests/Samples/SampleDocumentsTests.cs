using Tests.Shared;

namespace ExtProc.Tests.Samples;

/// <summary>The library's README shows the samples as they are.</summary>
public sealed class SampleDocumentsTests
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.PathOf("samples/ExtProc.Samples"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task The_README_shows_every_sample(string name)
    {
        string code = await File.ReadAllTextAsync(Repository.PathOf($"samples/ExtProc.Samples/{name}.cs"));
        IEnumerable<string> shown = code.Split('\n').SkipWhile(line => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("namespace ", StringComparison.Ordinal));

        Golden.Section("src/ExtProc/README.md", $"sample-{name}", $"```csharp\n{string.Join('\n', shown).TrimEnd()}\n```");
    }
}
