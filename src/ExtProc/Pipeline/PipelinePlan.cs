using ExtProc.Configuration;
using ExtProc.Pipeline.Encodings;

namespace ExtProc.Pipeline;

/// <summary>A pipeline made ready to run: processors, their needs, and what each direction wants. Shared by all its exchanges.</summary>
internal sealed class PipelinePlan
{
    private PipelinePlan(PipelineDefinition definition, EnvoyDeclaration envoy, ExchangeLimits limits, DecodingPlaces decoding, IServiceProvider services)
    {
        (Name, Envoy, Limits) = (definition.Name, envoy, limits);
        Steps = [.. definition.Steps.Select((step, index) => new StepPlan(index, step, services))];
        Request = new(Direction.Request, Steps);
        Response = new(Direction.Response, [.. Steps.Reverse()]);
        CompletionWanted = Steps.Any(step => step.CompletionWanted);
        HasUnshared = Steps.Any(step => !step.IsShared);
        DecodingPlaces = decoding;
    }

    public string Name { get; }

    public EnvoyDeclaration Envoy { get; }

    public ExchangeLimits Limits { get; }

    /// <summary>In request order.</summary>
    public IReadOnlyList<StepPlan> Steps { get; }

    public DirectionPlan Request { get; }

    public DirectionPlan Response { get; }

    public bool CompletionWanted { get; }

    /// <summary>Whether some processors are made for each exchange.</summary>
    public bool HasUnshared { get; }

    /// <summary>The exchanges that decode bodies now; of other pipelines, too, where these share one memory budget.</summary>
    public DecodingPlaces DecodingPlaces { get; }

    /// <summary>What works with the declared Envoy side for a part of the traffic only.</summary>
    public IReadOnlyList<PipelineProblem> Warnings => [.. FitWarnings.Of(this)];

    public bool IsPassThrough => Steps.Count == 0;

    public DirectionPlan Of(Direction direction) => direction is Direction.Request ? Request : Response;

    /// <summary>Compiles a definition and finds what cannot work with the declared Envoy configuration.</summary>
    /// <param name="options">The definition, and the limits of its exchanges.</param>
    /// <param name="services">Where processors get their services.</param>
    /// <param name="problems">What cannot work.</param>
    /// <param name="decoding">Places that are shared with other pipelines; null for the pipeline's own.</param>
    public static PipelinePlan Build(ExtProcOptions options, IServiceProvider services, out IReadOnlyList<PipelineProblem> problems, DecodingPlaces? decoding = null)
    {
        var plan = new PipelinePlan(options.Pipeline, options.Envoy, options.Limits, decoding ?? new(options.MostDecodingExchanges(CodingMemory.PairBytes)), services);
        problems = [.. ModeFit.Problems(plan), .. plan.Steps.SelectMany(step => NeedsFit.Problems(step, options.Envoy))];
        return plan;
    }
}

/// <summary>What cannot work, found before traffic does.</summary>
/// <param name="Step">The processor.</param>
/// <param name="Source">Where it is configured, as <c>file:line:column</c>, when known.</param>
/// <param name="Message">Which mode, why not, and which modes would do; the processor's name goes before it.</param>
internal sealed record PipelineProblem(string Step, string? Source, string Message)
{
    /// <summary>As a problem of the configuration.</summary>
    public ConfigProblem Told(bool isWarning) => new(new(Source ?? "pipeline"), $"{Step}: {Message}", isWarning);
}

/// <summary>One direction of a pipeline: the steps that want something of it, in the order in which it meets them.</summary>
internal sealed class DirectionPlan(Direction direction, IReadOnlyList<StepPlan> inOrder)
{
    private const int MostSpares = 256;

    private readonly System.Collections.Concurrent.ConcurrentQueue<Stage[]> _spares = [];

    public Direction Direction { get; } = direction;

    public StepPlan[] Steps { get; } =
        [.. inOrder.Where(step => step.Needs.Headers(direction) || step.Needs.Trailers(direction) || step.Needs.Body(direction).Shape is not BodyShape.None)];

    public bool WantsBody { get; } = inOrder.Any(step => step.Needs.Body(direction).Shape is not BodyShape.None);

    public bool WantsTrailers { get; } = inOrder.Any(step => step.Needs.Trailers(direction));

    /// <summary>Whether a mode can give each step the body that it needs.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="besides">Those with this <c>onError</c> are not asked.</param>
    public bool IsMetBy(BodySendMode mode, OnError? besides = null) =>
        Array.TrueForAll(Steps, step => step.OnError == besides || ModeFit.CanMeet(step.Needs.Body(Direction), mode));

    /// <summary>The same, also where nothing says how long the body is.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="besides">Those with this <c>onError</c> are not asked.</param>
    public bool IsMetWithoutLengthBy(BodySendMode mode, OnError? besides = null) =>
        Array.TrueForAll(Steps, step => step.OnError == besides || ModeFit.NeedsNoLength(step.Needs.Body(Direction), mode));

    /// <summary>Whether a body may leave with another length than it came.</summary>
    public bool MayChangeBody { get; } =
        inOrder.Any(step => step.Needs.Body(direction).Shape is not BodyShape.None && !step.Needs.ReadOnly);

    /// <summary>The steps' places in one exchange: those of one that is over, where there are some, so that a processor without state costs no object.</summary>
    public Stage[] TakeStages() => _spares.TryDequeue(out Stage[]? spare) ? spare : [.. Steps.Select(step => new Stage(step, Direction))];

    /// <summary>Takes them back, after <see cref="Stage.Release"/>.</summary>
    public void GiveBack(Stage[] stages)
    {
        if (_spares.Count >= MostSpares)
        {
            return;
        }

        foreach (Stage stage in stages)
        {
            stage.Reset();
        }

        _spares.Enqueue(stages);
    }
}
