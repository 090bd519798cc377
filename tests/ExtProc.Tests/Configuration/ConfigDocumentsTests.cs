using System.Text.RegularExpressions;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using ExtProc.Processors;
using Tests.Shared;

namespace ExtProc.Tests.Configuration;

public partial class ConfigDocumentsTests
{
    private const string Document = "docs/configuration.md";

    private static readonly ProcessorCatalog BuiltIn = new ProcessorCatalog().AddBuiltIn();

    [Fact]
    public void The_table_of_settings_is_what_the_binder_reads() => Golden.Section(Document, "settings", ConfigReference.Settings());

    [Fact]
    public void The_table_of_bounds_has_every_limit_with_its_default() => Golden.Section("docs/security.md", "bounds", ConfigReference.Bounds());

    [Fact]
    public void The_tables_of_processors_are_what_the_binder_reads() => Golden.Section(Document, "processors", ConfigReference.Processors(BuiltIn));

    [Fact]
    public void The_schema_for_editors_is_what_the_binder_reads() => Golden.File("docs/extproc.schema.json", ConfigSchema.Text(BuiltIn));

    [Fact]
    public void The_example_is_a_configuration_without_a_problem()
    {
        string example = Example().Match(File.ReadAllText(Repository.PathOf(Document))).Groups["yaml"].Value;

        Assert.Empty(ConfigReader.Read(example, ConfigSources.File("extproc.yaml"), BuiltIn, new ConfigProblems()).Problems);
        Assert.Contains("pipeline:", example, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_shown_is_the_one_that_is_given()
    {
        string message = Message().Match(File.ReadAllText(Repository.PathOf(Document))).Groups["text"].Value;

        Assert.Equal(message, ConfigText.Problems("\n\n\n\n\nlimits:\n  handlerTimeout: 2"));
    }

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"```text\n(?<text>[^\n]+)\n```")]
    private static partial Regex Message();
}
