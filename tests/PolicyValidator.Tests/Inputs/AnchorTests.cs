using PolicyValidator.Inputs;

namespace PolicyValidator.Tests.Inputs;

/// <summary>Anchors mean the same in all our readers of YAML, and what they mean to Envoy and kubectl.</summary>
public sealed class AnchorTests
{
    private const string InsideItself = "stands inside its own anchor", Unknown = "has no anchor before it";

    private static readonly string[] Readers = ["Envoy's", "kubectl's", "our own"];

    public static TheoryData<string, string, string> Meanings => Each(
        ("  a: &x 1\n  b: *x", "1"),
        ("  a: &x 1\n  c: &x 2\n  b: *x", "2"),
        ("  a: &x\n    c: &x inner\n  b: *x", "inner"),
        ("  a: &x\n  - &x inner\n  - *x\n  b: *x", "inner"),
        ("  a: &x\n  - &y inner\n  b: *y", "inner"));

    public static TheoryData<string, string, string> Refusals => Each(
        ("  a: 1\n  b: *x", Unknown),
        ("  b: *x\n  a: &x 1", Unknown),
        ("  b: &x\n  - *x", InsideItself),
        ("  a: &x 1\n  b: &x\n    c: *x", InsideItself));

    [Theory]
    [MemberData(nameof(Meanings))]
    public void An_alias_means_the_value_that_began_last_before_it(string reader, string text, string meaning)
    {
        MappingNode value = Assert.IsType<MappingNode>(((MappingNode)Assert.Single(Read(reader, text)).Root!)["v"]);
        Assert.Equal(meaning, Assert.IsType<ScalarNode>(value["b"]).Value);
        Assert.NotNull(value["b"]!.AliasSpan);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_alias_that_means_nothing_is_refused_where_it_stands(string reader, string text, string message)
    {
        SourceDocument document = Assert.Single(Read(reader, text));
        SyntaxProblem problem = Assert.Single(document.Problems);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal("*x", document.Source.Text[problem.Span.Start..problem.Span.End]);
    }

    [Theory]
    [InlineData("Envoy's")]
    [InlineData("kubectl's")]
    [InlineData("our own")]
    public void A_document_knows_no_anchor_of_the_one_before(string reader)
    {
        IReadOnlyList<SourceDocument> documents = Read(reader, "  a: &x 1\n---\nv: *x");
        Assert.Contains(Unknown, Assert.Single(documents[^1].Problems).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<SourceDocument> Read(string reader, string text)
    {
        SourceText source = new("case.yaml", $"v:\n{text}\n");
        return reader == Readers[0] ? EnvoyYaml.Read(source, PolicyValidator.Inputs.YamlCpp.YamlCppRelease.V09)
            : reader == Readers[1] ? KubernetesYaml.Read(source)
            : DocumentReader.ReadOwn(source);
    }

    private static TheoryData<string, string, string> Each(params (string Text, string Said)[] cases)
    {
        TheoryData<string, string, string> all = [];
        foreach (string reader in Readers)
        {
            foreach ((string text, string said) in cases)
            {
                all.Add(reader, text, said);
            }
        }

        return all;
    }
}
