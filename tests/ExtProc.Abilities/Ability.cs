using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Abilities;

/// <summary>Something that an author can do: a pipeline that does it, and an exchange that shows it.</summary>
/// <param name="Name">A claim in words; also the name of its transcripts.</param>
public sealed record Ability(string Name)
{
    private static readonly BodySendMode[] Usual = [BodySendMode.FullDuplexStreamed, BodySendMode.Streamed, BodySendMode.Buffered];

    /// <summary>The processor; see <see cref="Next"/> for a second one.</summary>
    public required Script Does { get; init; }

    /// <summary>A processor behind the first.</summary>
    public Script? Next { get; init; }

    public OnError OnError { get; init; } = OnError.Fail;

    public Story Story { get; init; } = new();

    /// <summary>The body send modes in which it is shown, the same in both directions.</summary>
    public IReadOnlyList<BodySendMode> Modes { get; init; } = Usual;

    /// <summary>What is declared of Envoy, and set in it, beside the modes.</summary>
    public EnvoyDeclaration Envoy { get; init; } = new();

    /// <summary>Envoy takes no override although it is declared to.</summary>
    public bool OverridesAreIgnored { get; init; }

    /// <summary>The first release that can do it; null for all.</summary>
    public string? Since { get; init; }

    /// <summary>Envoy's counters that grow, because something fails on purpose.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    public PipelineDefinition Pipeline => new(Name, [.. new[] { Does, Next }.OfType<Script>().Select((script, index) => new PipelineStep(ProcessorKind.Of<ScriptedProcessor, Script>(index == 0 ? "author" : "next"), script, OnError))]);

    public Play Play(BodySendMode mode)
    {
        Play play = Story.Through(Pipeline).In(ModesOf(mode)).Envoy(_ => Declared(mode));
        return OverridesAreIgnored ? play.IgnoringModeOverrides() : play;
    }

    public EnvoyDeclaration Declared(BodySendMode mode) => Envoy with { ProcessingMode = ModesOf(mode) };

    public static ProcessingMode ModesOf(BodySendMode mode) => new()
    {
        RequestBodyMode = mode, ResponseBodyMode = mode, RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send,
    };

    public override string ToString() => Name;
}
