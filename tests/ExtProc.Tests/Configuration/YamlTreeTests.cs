using ExtProc.Configuration.Reading;

namespace ExtProc.Tests.Configuration;

public class YamlTreeTests
{
    [Theory]
    [InlineData("listen: 127.0.0.1:9000\nlisten: 127.0.0.1:9001", "extproc.yaml:2:1: error: the key \"listen\" stands twice; the first one is in line 1")]
    [InlineData("limits: !!binary aGk=", "extproc.yaml:1:9: error: the tag tag:yaml.org,2002:binary has no meaning here; leave it out")]
    [InlineData("limits: *far", "extproc.yaml:1:9: error: *far names no value that is complete before this line; write &far before that value")]
    [InlineData("limits: &own [*own]", "extproc.yaml:1:15: error: *own names no value that is complete before this line; write &own before that value")]
    [InlineData("drain: &a { delay: 1s }\nlimits:\n  <<: *a", "extproc.yaml:3:3: error: merge keys (<<) are not supported; write the keys out")]
    [InlineData("? [a]\n: b", "extproc.yaml:1:3: error: a list cannot be a key; keys are names")]
    [InlineData("listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2", "extproc.yaml:2:1: error: a second document begins; a configuration is one document")]
    [InlineData("- listen", "extproc.yaml:1:1: error: a list stands where keys and values are wanted, such as \"listen: 127.0.0.1:9000\"")]
    [InlineData("just text", "extproc.yaml:1:1: error: text stands where keys and values are wanted, such as \"listen: 127.0.0.1:9000\"")]
    public void What_is_no_configuration_is_refused_with_its_place(string yaml, string expected) =>
        Assert.StartsWith(expected, ConfigText.Problems(yaml), StringComparison.Ordinal);

    [Theory]
    [InlineData("limits: {")]
    [InlineData("listen: 127.0.0.1:9000\nlimits: {handlerTimeout: 2s\npipeline:\n  - name: headers\n")]
    [InlineData("limits:\n\thandlerTimeout: 1s")]
    [InlineData("a: b: c")]
    [InlineData("\"")]
    [InlineData("%YAML 9.9\n---\na: b")]
    [InlineData("a: &")]
    [InlineData("\u0000")]
    [InlineData("@")]
    public void Broken_YAML_is_refused_with_a_line_and_a_column(string yaml) =>
        Assert.Matches(@"^extproc\.yaml:\d+:\d+: error: ", ConfigText.Problems(yaml));

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    [InlineData("limits:\nenvoy: ~\npipeline:\n")]
    public void A_file_that_says_nothing_is_all_defaults(string yaml) =>
        Assert.Equal("127.0.0.1:9000", ConfigText.Options(yaml).Listeners.Single().Address.ToString());

    [Fact]
    public void A_small_file_whose_aliases_make_a_large_tree_is_refused()
    {
        string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(level =>
            $"{(char)('a' + level)}: &{(char)('a' + level)} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + level - 1)}", 10))}]\n"));

        Assert.Contains("more than 20000 values", ConfigText.Problems(bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string problems = ConfigText.Problems($"a: {new string('[', 50_000)}");

        Assert.Contains("nested deeper than 32 levels", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_can_be_used_to_say_a_thing_once()
    {
        var options = ConfigText.Options("""
            envoy:
              allowModeOverride: true
              processingMode: &mode { requestBodyMode: STREAMED }
              allowedOverrideModes: [*mode]
            """);

        Assert.Equal(options.Envoy.ProcessingMode, options.Envoy.AllowedOverrideModes.Single());
    }

    [Fact]
    public void A_thousand_mistakes_are_not_all_told()
    {
        string yaml = string.Concat(Enumerable.Range(0, 1000).Select(number => $"k{number}: 1\n"));

        Assert.Equal(100, ConfigText.Read(yaml).Problems.Count);
    }

    [Fact]
    public void A_file_that_is_missing_a_directory_too_large_or_no_text_is_refused_by_name()
    {
        string folder = Directory.CreateTempSubdirectory("extproc").FullName;
        try
        {
            string large = Path.Combine(folder, "large.yaml"), binary = Path.Combine(folder, "binary.yaml");
            File.WriteAllBytes(large, new byte[ConfigFile.LimitBytes + 1]);
            File.WriteAllBytes(binary, [(byte)'a', (byte)':', (byte)' ', 0xFF]);

            Assert.EndsWith("none.yaml: error: there is no such file", Problem(Path.Combine(folder, "none.yaml")), StringComparison.Ordinal);
            Assert.EndsWith(": error: this is a directory; name a file", Problem(folder), StringComparison.Ordinal);
            Assert.Contains("larger than 1048576 bytes", Problem(large), StringComparison.Ordinal);
            Assert.EndsWith("not UTF-8 text: byte 4 fits no character", Problem(binary), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string Problem(string path) => ConfigReader.Read(ConfigSources.File(path), ConfigText.Catalog).Problems.Single().ToString();
    }
}
