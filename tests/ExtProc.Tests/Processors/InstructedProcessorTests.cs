using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

public sealed class InstructedProcessorTests
{
    [Theory]
    [InlineData("split:0")]
    [InlineData("split:x")]
    [InlineData("delay:-5")]
    [InlineData("reject:99")]
    public async Task An_instruction_that_makes_no_sense_fails_the_exchange_at_once(string action)
    {
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.Buffered, BodySendMode.FullDuplexStreamed])
        {
            Seen seen = await Play.Through(() => new InstructedProcessor(new InstructedOptions(), TimeProvider.System))
                .Request("POST", "/", "hello", [("x-extproc-instruct", $"request-body={action}")]).In(mode).RunAsync().WaitAsync(TimeSpan.FromSeconds(30));

            Assert.Contains(Reasons.ProcessorFailed, seen.GrpcMessage, StringComparison.Ordinal);
            Assert.Empty(seen.Violations);
        }
    }

    [Theory]
    [InlineData("request-body=mutate;response-body=mutate", "A WORD", "AN ANSWER")]
    [InlineData("request-body=split:2;response-body=split:1", "a word", "an answer")]
    [InlineData("request-body=drop;response-body=add: more", "", "an answer more")]
    [InlineData("request-headers=mutate;response-headers=mutate", "a word", "an answer")]
    public async Task What_the_header_says_happens_in_every_mode_and_split(string instructions, string request, string response)
    {
        PlayCount count = await Play.Through(() => new InstructedProcessor(new InstructedOptions(), TimeProvider.System))
            .Request("POST", "/", "a word", [("x-extproc-instruct", instructions)]).Response(200, "an answer")
            .ForEveryModeAndSplit(seen => Assert.Equal(
                (request, response, instructions.Contains("request-headers", StringComparison.Ordinal) ? "request-headers" : null),
                (seen.Upstream.Body, seen.Client.Body, seen.Upstream["x-instructed"])));
        Assert.True(count.Played > 0);
    }
}
