using System.ComponentModel.DataAnnotations;
using ExtProc.Configuration;

namespace ExtProc.Tests.Configuration;

public class ConfigBinderTests
{
    [Fact]
    public void Every_kind_of_value_is_bound_to_its_property()
    {
        var options = ConfigText.Only<EverythingOptions>("""
            text: a text
            number: 7
            large: 5000000000
            ratio: 0.25
            flag: true
            wait: 1.5s
            bodyBytes: 64KiB
            mode: FULL_DUPLEX_STREAMED
            release: 1.40.0
            target: http://127.0.0.1:8080/check
            names: [a, b]
            counts: [1, 2]
            headers: { x-one: "1", X-Two: two }
            inner: { word: deep, times: 3 }
            many:
            - word: first
            - word: second
              times: 2
            """);

        Assert.Equal(("a text", 7, 5_000_000_000, 0.25, true), (options.Text, options.Number, options.Large, options.Ratio, options.Flag));
        Assert.Equal((TimeSpan.FromSeconds(1.5), 65536, BodySendMode.FullDuplexStreamed), (options.Wait, options.BodyBytes, options.Mode));
        Assert.Equal(("1.40.0", "http://127.0.0.1:8080/check"), (options.Release?.ToString(), options.Target?.ToString()));
        Assert.Equal(["a", "b"], options.Names);
        Assert.Equal([1, 2], options.Counts);
        Assert.Equal([new("x-one", "1"), new("X-Two", "two")], options.Headers);
        Assert.Equal(new WordOptions { Word = "deep", Times = 3 }, options.Inner);
        Assert.Equal([new WordOptions { Word = "first" }, new WordOptions { Word = "second", Times = 2 }], options.Many);
    }

    [Fact]
    public void What_is_not_written_keeps_its_default()
    {
        var options = ConfigText.Only<EverythingOptions>("text: only this");

        Assert.Equal((5, TimeSpan.FromSeconds(2), null, 1024), (options.Number, options.Wait, options.Inner, options.BodyBytes));
        Assert.Empty(options.Names);
    }

    [Theory]
    [InlineData("bodyBytes: 1KiB")]
    [InlineData("body_bytes: 1KiB")]
    [InlineData("body-bytes: 1KiB")]
    [InlineData("bodybytes: 1KiB")]
    public void Keys_are_read_in_camel_snake_and_lower_case(string line) => Assert.Equal(1024, ConfigText.Only<EverythingOptions>($"text: x\n{line}").BodyBytes);

    [Theory]
    [InlineData("full_duplex_streamed")]
    [InlineData("FullDuplexStreamed")]
    [InlineData("fullDuplexStreamed")]
    public void Enum_names_are_read_in_any_case(string name) =>
        Assert.Equal(BodySendMode.FullDuplexStreamed, ConfigText.Only<EverythingOptions>($"text: x\nmode: {name}").Mode);

    [Theory]
    [InlineData("text: x\nnumber: ten", "4:11", "pipeline[0].number: \"ten\" is no whole number")]
    [InlineData("text: x\nnumber: 99999999999", "4:11", "pipeline[0].number: \"99999999999\" is too large; the most is 2147483647")]
    [InlineData("text: x\nnumber: [1]", "4:11", "pipeline[0].number: a list stands where a value (number) is wanted")]
    [InlineData("text: x\nflag: yes", "4:9", "pipeline[0].flag: \"yes\" is neither true nor false")]
    [InlineData("text: x\nwait: 10", "4:9", "pipeline[0].wait: \"10\" is no duration; write a number and a unit (ms, s, m, h), such as 200ms, 10s or 1m")]
    [InlineData("text: x\nwait: -1s", "4:9", "pipeline[0].wait: \"-1s\" is no duration; write a number and a unit (ms, s, m, h), such as 200ms, 10s or 1m")]
    [InlineData("text: x\nbodyBytes: 64KB", "4:14", "pipeline[0].bodyBytes: \"64KB\" is no size; write a number of bytes, or a number and a unit (B, KiB, MiB, GiB, TiB), such as 64KiB")]
    [InlineData("text: x\nbodyBytes: 4GiB", "4:14", "pipeline[0].bodyBytes: \"4GiB\" is too large; the most is 2147483647B")]
    [InlineData("text: x\nmode: FULL_DUPLEX", "4:9", "pipeline[0].mode: \"FULL_DUPLEX\" is not known here; use one of NONE, STREAMED, BUFFERED, BUFFERED_PARTIAL, FULL_DUPLEX_STREAMED, GRPC")]
    [InlineData("text: x\nmode: STREAMD", "4:9", "pipeline[0].mode: \"STREAMD\" is not known here; did you mean STREAMED? allowed: NONE, STREAMED, BUFFERED, BUFFERED_PARTIAL, FULL_DUPLEX_STREAMED, GRPC")]
    [InlineData("text: x\nmode:", "4:8", "pipeline[0].mode: nothing stands where one of NONE, STREAMED, BUFFERED, BUFFERED_PARTIAL, FULL_DUPLEX_STREAMED, GRPC is wanted")]
    [InlineData("text: x\nrelease: newest", "4:12", "pipeline[0].release: \"newest\" is no version; write numbers with dots between, such as 1.40.0")]
    [InlineData("text: x\ntarget: /check", "4:11", "pipeline[0].target: \"/check\" is no absolute URI, such as http://127.0.0.1:8080/")]
    [InlineData("text: x\nnames: a", "4:10", "pipeline[0].names: \"a\" stands where a list (lines that begin with \"- \") is wanted")]
    [InlineData("text: x\nheaders: [a]", "4:12", "pipeline[0].headers: a list stands where keys and values are wanted")]
    [InlineData("text: x\ninner: { times: 3 }", "4:10", "pipeline[0].inner: \"word\" is missing; it has no default")]
    [InlineData("text: x\nmany:\n- word: a\n  tims: 2", "6:5", "pipeline[0].many[0]: the key \"tims\" is not known; did you mean times? allowed: word, times")]
    [InlineData("text: x\nratio: lots", "4:10", "pipeline[0].ratio: \"lots\" is no number")]
    [InlineData("number: 1", "2:3", "pipeline[0]: \"text\" is missing; it has no default")]
    [InlineData("text: x\nbody_bytes: 1KiB\nbodyBytes: 2KiB", "5:3", "pipeline[0]: \"bodyBytes\" stands here a second time under another spelling of bodyBytes; keep one")]
    public void A_wrong_value_is_named_with_its_place_and_what_is_allowed(string options, string place, string message) =>
        Assert.Equal($"extproc.yaml:{place}: error: {message}", ConfigText.Problems(ConfigText.Step("everything", options)));

    [Theory]
    [InlineData("text: x\nnumber: 101", "4:11", "pipeline[0].number: 101 is out of range; allowed is 1 to 100")]
    [InlineData("text: x\nwait: 2h", "4:9", "pipeline[0].wait: 2h is out of range; allowed is 1ms to 1h")]
    [InlineData("text: x\nbodyBytes: 2MiB", "4:14", "pipeline[0].bodyBytes: 2MiB is out of range; allowed is 1KiB to 1MiB")]
    [InlineData("text: x\ninner: { word: a, times: 11 }", "4:28", "pipeline[0].inner.times: 11 is out of range; allowed is 1 to 10")]
    [InlineData("text: x\nmany: [{ word: a, times: 0 }]", "4:28", "pipeline[0].many[0].times: 0 is out of range; allowed is 1 to 10")]
    [InlineData("text: \"\"", "3:9", "pipeline[0].text: the text field is required")]
    [InlineData("text: nobody", "3:9", "pipeline[0].text: nobody is not welcome here")]
    public void Ranges_and_annotations_are_checked_with_the_place_of_the_value(string options, string place, string message) =>
        Assert.Equal($"extproc.yaml:{place}: error: {message}", ConfigText.Problems(ConfigText.Step("everything", options)));
}

/// <summary>A constructor parameter, properties, a required one and each type that can be bound.</summary>
internal sealed record EverythingOptions([Required] string Text, [Range(1, 100)] int Number = 5) : IValidatableObject
{
    public long Large { get; init; }

    public double Ratio { get; init; }

    public bool Flag { get; init; }

    [AllowedRange("1ms", "1h")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    [AllowedRange("1KiB", "1MiB")]
    public int BodyBytes { get; init; } = 1024;

    public BodySendMode Mode { get; init; }

    public Version? Release { get; init; }

    public Uri? Target { get; init; }

    public IReadOnlyList<string> Names { get; init; } = [];

    public int[] Counts { get; init; } = [];

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public WordOptions? Inner { get; init; }

    public IReadOnlyList<WordOptions> Many { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Text == "nobody" ? [new("nobody is not welcome here", [nameof(Text)])] : [];
}
