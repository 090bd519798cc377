using ExtProc.Configuration;
using ExtProc.Configuration.Checks;
using ExtProc.Pipeline;
using ExtProc.Processors;

namespace ExtProc.Tests.Configuration;

public sealed class TimeoutCheckTests
{
    private static readonly PipelineDefinition One = new("one", [new(ProcessorKind.Of<HeadersProcessor, HeadersOptions>("headers", isShared: true), new HeadersOptions())]);

    private static readonly ProcessingMode Duplex = new() { RequestBodyMode = BodySendMode.FullDuplexStreamed, ResponseBodyMode = BodySendMode.FullDuplexStreamed };

    public static TheoryData<string, EnvoyDeclaration, int, bool> Cases => new()
    {
        { "both defaults", new() { ProcessingMode = new() }, 10_000, true },
        { "nothing known of Envoy", EnvoyDeclaration.Unknown, 10_000, false },
        { "as long as Envoy waits", new() { ProcessingMode = new() }, 200, false },
        { "a written time that is enough", new() { MessageTimeout = TimeSpan.FromSeconds(10) }, 10_000, false },
        { "a written time that is not", new() { MessageTimeout = TimeSpan.FromSeconds(9) }, 10_000, true },
        { "an extension that is enough", new() { MessageTimeout = TimeSpan.FromSeconds(1), MaxMessageTimeout = TimeSpan.FromSeconds(10) }, 10_000, false },
        { "an extension that is not", new() { MessageTimeout = TimeSpan.FromSeconds(1), MaxMessageTimeout = TimeSpan.FromSeconds(5) }, 10_000, true },
        { "no timer in full duplex", new() { ProcessingMode = Duplex }, 10_000, false },
        { "nobody waits for an observer", new() { ProcessingMode = new(), ObservabilityMode = true }, 10_000, false },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Envoy_s_patience_is_held_against_that_of_handlers(string name, EnvoyDeclaration envoy, int handlerMilliseconds, bool isTold)
    {
        ExtProcOptions options = new() { Envoy = envoy, Pipeline = One, Limits = new() { HandlerTimeout = TimeSpan.FromMilliseconds(handlerMilliseconds) } };

        Assert.True(isTold == TimeoutCheck.Check(options) is not null, name);
        Assert.Null(TimeoutCheck.Check(options with { Pipeline = PipelineDefinition.PassThrough }));
    }

    [Fact]
    public void The_message_names_both_times_and_whose_default_it_is() => Assert.StartsWith(
        "Envoy waits 200ms, its default, for an answer, and a processor may take 10s (limits.handlerTimeout)",
        TimeoutCheck.Check(new() { Envoy = new() { ProcessingMode = new() }, Pipeline = One })!.Value.Message,
        StringComparison.Ordinal);
}
