using PolicyValidator.Configuration;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        ConfigSettings read = Read("""
            target: eg=1.4.1
            failOn: warning
            format: json
            select: [EP001, EP1]
            ignore: [EP123]
            severity: {EP1: hint, EP123: error}
            include: ['*.yml']
            exclude: [vendor]
            forceExclude: true
            ignorePaths: [{paths: [legacy], rules: [EP0], reason: old}]
            baseline: known.json
            maxFileBytes: 7
            maxFindings: 8
            maxSeconds: 9
            """);
        Assert.Equal((8, 9), (read.MaxFindings!.Value, read.MaxSeconds!.Value));
        Assert.Equal(("eg=1.4.1", Severity.Warning, "json", true, "known.json", 7), (read.Target!.Text, read.FailOn!.Value, read.Format, read.ForceExclude!.Value, read.Baseline, read.MaxFileBytes!.Value));
        Assert.Equal(["EP001,EP1", "EP123", "*.yml", "vendor"], new[] { read.Select, read.Ignore, read.Include, read.Exclude }.Select(words => string.Join(',', words!)));
        Assert.Equal(Severity.Error, read.Severities[RuleWords.One("EP123")!]);
        Assert.Equal(Severity.Hint, read.Severities[RuleWords.One("EP101")!]);
        Assert.Equal("old", Assert.Single(read.PathIgnores).Reason);
        Assert.Equal(RuleWords.Many("EP0").Count, read.PathIgnores[0].Rules.Count);
    }

    [Fact]
    public void Every_good_file_is_read() => Assert.All(ConfigCases.Good, text => Assert.NotNull(Read(text)));

    [Fact]
    public void Every_mistake_is_told_with_its_place() => Assert.All(ConfigCases.Bad, bad =>
    {
        ConfigException problem = Assert.Throws<ConfigException>(() => Read(bad.Text));
        Assert.Equal($"c.yaml:{bad.Place}", problem.Place);
        Assert.Contains(bad.Message, problem.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("target: envoy=1.38\ntarget: envoy=1.39\n", "2:1", "\"target\" is there twice")]
    [InlineData("target: envoy=1.38\n---\nformat: json\n", "3:1", "one document")]
    [InlineData("target: [\n", "2:1", "not YAML")]
    public void So_is_what_only_YAML_can_get_wrong(string text, string place, string message)
    {
        ConfigException problem = Assert.Throws<ConfigException>(() => Read(text));
        Assert.Equal($"c.yaml:{place}", problem.Place);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static ConfigSettings Read(string text) => ConfigReader.Read(new SourceText("c.yaml", text));
}
