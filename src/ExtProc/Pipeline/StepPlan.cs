using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Pipeline;

/// <summary>One step of a compiled pipeline: how to get its processor, and what that needs.</summary>
internal sealed class StepPlan
{
    private readonly Func<IServiceProvider, Processor> _create;
    private readonly IServiceProvider _services;
    private readonly bool _wantsScope;

    public StepPlan(int index, PipelineStep step, IServiceProvider services)
    {
        (Index, Name, OnError, Source) = (index, step.Kind.Name, step.OnError, step.Source);
        _create = step.Kind.Create is { } create ? _ => create() : Creator(step);
        _services = services;
        _wantsScope = step.Kind.Create is null && !step.Kind.IsShared && WantsServices(step.Kind);
        AsyncServiceScope? scope = null;
        Processor first = Create(ref scope);
        Needs = NeedsOf(first);
        NoChanges = Needs.ReadOnly ? $"processor \"{Name}\" has declared that it changes nothing (Needs.ReadOnly)" : null;
        CompletionWanted = Overrides(first, nameof(Processor.OnCompletedAsync));
        if (step.Kind.IsShared)
        {
            Shared = first;
        }
        else
        {
            _ = EndAsync(first).AsTask();
            _ = scope?.DisposeAsync().AsTask();
        }
    }

    public int Index { get; }

    public string Name { get; }

    public OnError OnError { get; }

    /// <summary>A text about it, with its name before it where the text does not begin with that.</summary>
    public string Named(string text)
    {
        string called = $"processor \"{Name}\"";
        return text.StartsWith(called, StringComparison.Ordinal) ? text : $"{called}: {text}";
    }

    /// <summary>
    /// What Envoy and the client may be told of its failure: the reason and its name, and nothing that a peer sent or that an author's
    /// code throws.
    /// </summary>
    public string Told(string reason) => $"{reason}: processor \"{Name}\"";

    public string? Source { get; }

    public Needs Needs { get; }

    public bool CompletionWanted { get; }

    /// <summary>Why it may change nothing; null when it may.</summary>
    public string? NoChanges { get; }

    /// <summary>The instance for all exchanges; null where each has its own.</summary>
    public Processor? Shared { get; }

    public bool IsShared => Shared is not null;

    /// <summary>Ends an instance that is not shared.</summary>
    public static ValueTask EndAsync(Processor? processor)
    {
        if (processor is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync();
        }

        (processor as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>An instance for one exchange.</summary>
    /// <param name="scope">The exchange's services; made when a constructor first asks for some.</param>
    public Processor Create(ref AsyncServiceScope? scope)
    {
        if (_wantsScope && scope is null && _services.GetService<IServiceScopeFactory>() is { } scopes)
        {
            scope = scopes.CreateAsyncScope();
        }

        return _create(_wantsScope ? scope?.ServiceProvider ?? _services : _services);
    }

    private static bool WantsServices(ProcessorKind kind) => kind.ProcessorType.GetConstructors()
        .Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType != kind.OptionsType));

    private static Func<IServiceProvider, Processor> Creator(PipelineStep step)
    {
        ObjectFactory factory = ActivatorUtilities.CreateFactory(step.Kind.ProcessorType, step.Kind.OptionsType is { } type ? [type] : []);
        object?[] arguments = step.Options is null ? [] : [step.Options];
        return services => (Processor)factory(services, arguments);
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
