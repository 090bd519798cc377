using Microsoft.AspNetCore.Builder;

namespace ExtProc.Front;

/// <summary>
/// What an endpoint has otherwise than the middleware: metadata of a route, as <c>ExtProcPerRoute</c> is in Envoy. The endpoint has to
/// be chosen before: the middleware stands behind <c>UseRouting</c>, as in a <c>WebApplication</c> it does.
/// </summary>
public sealed record ExtProcPerRoute
{
    /// <summary>Exchanges with this endpoint go past the server (<c>disabled</c>).</summary>
    public bool Disabled { get; init; }

    /// <summary>The modes in place of the middleware's, all six (<c>overrides.processing_mode</c>).</summary>
    public ProcessingMode? ProcessingMode { get; init; }

    /// <summary>In place of the middleware's (<c>overrides.failure_mode_allow</c>).</summary>
    public bool? FailureModeAllow { get; init; }

    /// <summary>More gRPC metadata for the stream (<c>overrides.grpc_initial_metadata</c>), by lower-case key.</summary>
    public IReadOnlyDictionary<string, string> GrpcInitialMetadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>Puts <see cref="ExtProcPerRoute"/> onto endpoints.</summary>
public static class ExtProcRouteExtensions
{
    /// <summary>Gives the endpoints settings of their own.</summary>
    /// <exception cref="ArgumentException">The settings cannot be used; names all that is wrong with them.</exception>
    public static TBuilder WithExtProc<TBuilder>(this TBuilder endpoints, ExtProcPerRoute settings)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(settings);
        OptionsCheck.Require(settings);
        return endpoints.WithMetadata(settings);
    }

    /// <summary>Takes the endpoints past the server.</summary>
    public static TBuilder DisableExtProc<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithExtProc(new ExtProcPerRoute { Disabled = true });
}
