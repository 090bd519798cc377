using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Authoring;

/// <summary>What a debugger, a log line or an interpolated string shows of what authors handle: what it is, and nothing secret.</summary>
public sealed class TextTests
{
    public static TheoryData<object, string> Values => new()
    {
        { Verdict.Continue, "Continue" },
        { Verdict.SkipRest, "SkipRest" },
        { Verdict.Leave, "Leave" },
        { Verdict.Respond(403, "a secret"), "Respond 403, body: 8 characters" },
        { new LocalResponse(503) { Details = "busy", Headers = { ["x-key"] = "secret" } }, "503 busy, body: none" },
        { new LocalResponse(200) { Bytes = new byte[3] }, "200, body: 3 bytes" },
        { new LocalResponse(200) { WriteBody = (_, _) => Task.CompletedTask }, "200, body: written" },
        { BodyNeed.None, "None" },
        { BodyNeed.Stream(5), "Stream(holdBytes: 5)" },
        { BodyNeed.Whole(1024) with { OverLimit = OverLimit.Cut, Encoded = true }, "Whole(limitBytes: 1024) with { OverLimit = Cut, Encoded }" },
        { BodyNeed.Messages(9) with { BeforeHeaders = true }, "Messages(limitBytes: 9) with { BeforeHeaders }" },
        { new Needs(), "nothing" },
        { new Needs { RequestHeaders = true, ResponseBody = BodyNeed.Stream(), ReadOnly = true, Attributes = { "source.port" } }, "RequestHeaders, ResponseBody: Stream(holdBytes: 0), ReadOnly, Attributes: source.port" },
        { new PipelineStep(ProcessorKind.Of<Scripted>("tag"), new { Password = "secret" }, OnError.Skip), "tag (onError: Skip)" },
        { new PipelineDefinition("pipeline", [new(ProcessorKind.Of<Scripted>("tag"))]), "pipeline: tag (onError: Fail)" },
        { PipelineDefinition.PassThrough, "pass-through: no processors" },
        { new ResponseHeaderLines { ["x-key"] = "secret" }, "x-key" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_says_what_it_is_and_nothing_secret(object value, string text) => Assert.Equal(text, value.ToString());

    [Fact]
    public async Task What_an_exchange_has_says_what_it_is_and_nothing_secret()
    {
        List<string> texts = [];
        Body? kept = null;
        Scripted processor = new()
        {
            RequestHeaders = (exchange, _) =>
            {
                texts.AddRange([$"{exchange}", $"{exchange.RequestHeaders}", $"{exchange.Attribute("source.port")}", $"{exchange.Attribute("source.address")}", $"{exchange.Metadata("none", "key")}"]);
                return Verdict.Continue;
            },
            RequestBody = (exchange, body, _) =>
            {
                kept = body;
                texts.Add($"{body}");
                return Verdict.Continue;
            },
            ResponseHeaders = (exchange, _) =>
            {
                texts.Add($"{exchange}");
                return Verdict.Continue;
            },
        };

        Seen seen = await Play.Through(() => processor).In(BodySendMode.Buffered)
            .Envoy(envoy => envoy with { RequestAttributes = ["source.port", "source.address"] }).Attribute("source.port", "81")
            .Request("POST", "/login?token=secret", "secret", headers: [("x-request-id", "5f0c"), ("authorization", "secret")]).Response(204).RunAsync();

        Assert.Empty(seen.Violations);
        Assert.Equal("5f0c POST /login -", texts[0]);
        Assert.Contains("authorization", texts[1], StringComparison.Ordinal);
        Assert.Equal(["81", "absent", "not sent", "6 bytes at 0, last", "5f0c POST /login 204"], texts[2..]);
        Assert.DoesNotContain(texts, text => text.Contains("secret", StringComparison.Ordinal));
        Assert.Equal("over", kept!.ToString());
    }
}
