namespace ExtProc.Pipeline;

/// <summary>An ordered list of configured processors: forwards for the request, backwards for the response.</summary>
/// <param name="Name">How logs call it.</param>
/// <param name="Steps">The processors in request order.</param>
public sealed record PipelineDefinition(string Name, IReadOnlyList<PipelineStep> Steps)
{
    /// <summary>Its name and its processors'.</summary>
    public override string ToString() => $"{Name}: {(Steps.Count == 0 ? "no processors" : string.Join(", ", Steps))}";

    /// <summary>No processor: everything passes.</summary>
    public static PipelineDefinition PassThrough { get; } = new("pass-through", []);
}

/// <summary>One configured processor.</summary>
/// <param name="Kind">What it is made from.</param>
/// <param name="Options">Its options record, or <see langword="null"/> where it takes none.</param>
/// <param name="OnError">What happens when it fails.</param>
public sealed record PipelineStep(ProcessorKind Kind, object? Options = null, OnError OnError = OnError.Fail)
{
    /// <summary>Where it stands in the configuration, such as <c>extproc.yaml:4:5</c>, for messages.</summary>
    public string? Source { get; init; }

    /// <summary>Its path in the configuration, such as <c>pipeline[2]</c>, which counts what stands before it and cannot be used as well.</summary>
    internal string? Path { get; init; }

    /// <summary>Its name and what its failure means; its options may be secret.</summary>
    public override string ToString() => $"{Kind.Name} (onError: {OnError})";
}

/// <summary>
/// What happens to an exchange whose processor fails: throws, takes too long, asks for what the mode cannot do, or cannot read a body
/// (<see cref="BodyNeed.Reads"/>).
/// </summary>
public enum OnError
{
    /// <summary>
    /// The stream ends UNAVAILABLE; Envoy's <c>failure_mode_allow</c> decides what becomes of the exchange. A body that cannot be read is
    /// answered 415 (request) or 502 (response) while that is still possible.
    /// </summary>
    Fail,

    /// <summary>
    /// The processor is left out for the rest of the exchange; what it was given and has not dealt with passes unchanged. A body, or a
    /// part of one, that cannot be read passes by itself, and the processor sees the rest.
    /// </summary>
    Skip,

    /// <summary>The client gets an error response while that is still possible; after that as <see cref="Fail"/>.</summary>
    Respond,
}
