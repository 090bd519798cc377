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
}
