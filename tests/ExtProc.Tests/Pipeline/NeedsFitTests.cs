using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Tests.Pipeline;

/// <summary>What a processor declares of itself is compared with what is declared of Envoy, before traffic comes.</summary>
public sealed class NeedsFitTests
{
    private static readonly EnvoyDeclaration Buffered = new() { ProcessingMode = new() { RequestBodyMode = BodySendMode.Buffered } };

    private static readonly EnvoyDeclaration Kept = new() { AllowContentLengthHeader = true, ProcessingMode = new() { RequestBodyMode = BodySendMode.Streamed } };

    public static TheoryData<string, Action<Needs>, EnvoyDeclaration, string?> Cases => new()
    {
        { "a time over Envoy's default", Second, Buffered, "may take 1000 ms for one call, and Envoy waits 200 ms" },
        { "a time over the declared one", Second, Buffered with { MessageTimeout = Milliseconds(999) }, "Envoy waits 999 ms" },
        { "a time that Envoy waits", Second, Buffered with { MessageTimeout = Milliseconds(1000) }, null },
        { "a time that can be extended to", Second, Buffered with { MaxMessageTimeout = Milliseconds(2000) }, null },
        { "a time over the longest extension", Second, Buffered with { MaxMessageTimeout = Milliseconds(500) }, "Envoy waits 500 ms" },
        { "a time where no timer runs", Second, Buffered with { ProcessingMode = PlaySettings.Duplex }, null },
        { "a time where traffic is only shown", Second, Buffered with { ObservabilityMode = true }, null },
        { "a time, and nothing is declared", Second, EnvoyDeclaration.Unknown, null },
        { "an attribute that is not sent", Path, new() { RequestAttributes = ["request.host"] }, "reads the attribute \"request.path\"" },
        { "an attribute that the response sends", Path, new() { RequestAttributes = [], ResponseAttributes = ["request.path"] }, null },
        { "an attribute, and nothing is declared", Path, EnvoyDeclaration.Unknown, null },
        { "metadata that is not sent", needs => needs.MetadataRead.Add("jwt"), new() { ForwardingNamespaces = ["other"] }, "reads dynamic metadata of \"jwt\"" },
        { "metadata that is sent", needs => needs.MetadataRead.Add("jwt"), new() { ForwardingNamespaces = ["jwt"] }, null },
        { "metadata that is not taken", needs => needs.MetadataWritten.Add("app"), new() { ReceivingNamespaces = [] }, "writes dynamic metadata of \"app\"" },
        { "metadata, and nothing is declared", needs => needs.MetadataWritten.Add("app"), EnvoyDeclaration.Unknown, null },
        { "a length that Envoy keeps", Body, Kept, null },
        { "a length that Envoy keeps and does not show", Body, Kept with { ProcessingMode = Kept.ProcessingMode! with { RequestHeaderMode = HeaderSendMode.Skip } }, "of headers that it does not show" },
        { "a length that Envoy keeps as it is", Body, Kept with { MutationRules = new() { DisallowAll = true } }, "let no header be changed" },
        { "a type that is not shown", Text, Buffered with { ProcessingMode = Buffered.ProcessingMode! with { RequestHeaderMode = HeaderSendMode.Skip } }, "reads request bodies by their content-type" },
        { "a type that is shown", Text, Buffered, null },
        { "a body that is only read", ReadBody, Kept with { MutationRules = new() { DisallowAll = true } }, null },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Needs_are_compared_with_what_is_declared(string what, Action<Needs> needs, EnvoyDeclaration envoy, string? expected)
    {
        Assert.NotEmpty(what);
        Scripted Processor() => new() { RequestHeaders = (_, _) => Verdict.Continue, Needs = needs };
        PipelineStep step = new(new ProcessorKind("mine", typeof(Scripted), null, IsShared: false) { Create = Processor });
        PipelinePlan.Build(new() { Pipeline = new("needs", [step]), Envoy = envoy }, NoServices.Instance, out IReadOnlyList<PipelineProblem> problems);

        if (expected is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(expected, Assert.Single(problems).Message, StringComparison.Ordinal);
        }
    }

    private static void Second(Needs needs) => needs.Time = TimeSpan.FromSeconds(1);

    private static void Path(Needs needs) => needs.Attributes.Add("request.path");

    private static void Body(Needs needs) => needs.RequestBody = BodyNeed.Stream();

    private static void Text(Needs needs) => needs.RequestBody = BodyNeed.Stream() with { Reads = BodyTypes.Text };

    private static void ReadBody(Needs needs) => (needs.RequestBody, needs.ReadOnly) = (BodyNeed.Stream(), true);

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
