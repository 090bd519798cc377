using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Pipeline;

/// <summary>One step of a compiled pipeline: how to get its processor, and what that needs.</summary>
internal sealed class StepPlan
{
    private readonly Func<Processor> _create;
    private readonly Processor? _shared;

    public StepPlan(int index, PipelineStep step, IServiceProvider services)
    {
        (Index, Name, OnError, Source) = (index, step.Kind.Name, step.OnError, step.Source);
        _create = step.Kind.Create ?? Creator(step, services);
        Processor first = _create();
        Needs = NeedsOf(first);
        CompletionWanted = Overrides(first, nameof(Processor.OnCompletedAsync));
        if (step.Kind.IsShared)
        {
            _shared = first;
        }
        else
        {
            (first as IDisposable)?.Dispose();
        }
    }

    public int Index { get; }

    public string Name { get; }

    public OnError OnError { get; }

    public string? Source { get; }

    public Needs Needs { get; }

    public bool CompletionWanted { get; }

    public bool IsShared => _shared is not null;

    public Processor Get() => _shared ?? _create();

    private static Func<Processor> Creator(PipelineStep step, IServiceProvider services)
    {
        ObjectFactory factory = ActivatorUtilities.CreateFactory(step.Kind.ProcessorType, step.Kind.OptionsType is { } type ? [type] : []);
        object?[] arguments = step.Options is null ? [] : [step.Options];
        return () => (Processor)factory(services, arguments);
    }

    private static Needs NeedsOf(Processor processor)
    {
        var needs = new Needs
        {
            RequestHeaders = Overrides(processor, nameof(Processor.OnRequestHeadersAsync)),
            RequestTrailers = Overrides(processor, nameof(Processor.OnRequestTrailersAsync)),
            RequestBody = Overrides(processor, nameof(Processor.OnRequestBodyAsync)) ? BodyNeed.Stream() : BodyNeed.None,
            ResponseHeaders = Overrides(processor, nameof(Processor.OnResponseHeadersAsync)),
            ResponseTrailers = Overrides(processor, nameof(Processor.OnResponseTrailersAsync)),
            ResponseBody = Overrides(processor, nameof(Processor.OnResponseBodyAsync)) ? BodyNeed.Stream() : BodyNeed.None,
        };
        processor.DeclareNeeds(needs);
        return needs;
    }

    private static bool Overrides(Processor processor, string method) =>
        processor.GetType().GetMethod(method, BindingFlags.Instance | BindingFlags.Public)!.DeclaringType != typeof(Processor);
}
