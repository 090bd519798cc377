using ExtProc.Configuration;
using ExtProc.Front;

namespace ExtProc.Try;

/// <summary>The front's settings, from what <c>extproc.yaml</c> declares of the Envoy side, and from flags.</summary>
internal static class FilterOfDeclaration
{
    // Who debugs a handler takes longer than Envoy's 200 ms.
    private static readonly TimeSpan MessageTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="TryException">They cannot be followed here.</exception>
    public static ExtProcFilterOptions Make(EnvoyDeclaration declared, TryArguments wanted)
    {
        var options = new ExtProcFilterOptions
        {
            ProcessingMode = ModesOf(declared, wanted),
            EnvoyVersion = VersionOf(declared, wanted),
            AllowModeOverride = declared.AllowModeOverride,
            MessageTimeout = declared.MessageTimeout ?? MessageTimeout,
            MaxMessageTimeout = declared.MaxMessageTimeout ?? TimeSpan.Zero,
            FailureModeAllow = declared.FailureModeAllow,
            ObservabilityMode = declared.ObservabilityMode,
            SendBodyWithoutWaitingForHeaderResponse = declared.SendBodyWithoutWaitingForHeaderResponse,
            MutationRules = declared.MutationRules,
            RouteCacheAction = declared.RouteCacheAction,
            DisableImmediateResponse = declared.DisableImmediateResponse,
            AllowContentLengthHeader = declared.AllowContentLengthHeader,
        };
        Add(options.AllowedOverrideModes, declared.AllowedOverrideModes);
        Add(options.RequestAttributes, declared.RequestAttributes);
        Add(options.ResponseAttributes, declared.ResponseAttributes);
        Add(options.ForwardingNamespaces, declared.ForwardingNamespaces);
        Add(options.ReceivingNamespaces, declared.ReceivingNamespaces);
        return options;
    }

    private static ProcessingMode ModesOf(EnvoyDeclaration declared, TryArguments wanted)
    {
        if (declared.ProcessingMode is not { } modes)
        {
            BodySendMode mode = wanted.Mode ?? BodySendMode.FullDuplexStreamed;
            return new() { RequestBodyMode = mode, ResponseBodyMode = mode, RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send };
        }

        if (wanted.Mode is not null)
        {
            throw new TryException("--mode is given, and envoy.processingMode is declared; leave out one of them");
        }

        return modes.RequestBodyMode is BodySendMode.Grpc || modes.ResponseBodyMode is BodySendMode.Grpc
            ? throw new TryException("envoy.processingMode has a body mode GRPC, which Envoy up to 1.40 does not implement; use NONE, which does what it does there, or FULL_DUPLEX_STREAMED")
            : modes;
    }

    private static Version VersionOf(EnvoyDeclaration declared, TryArguments wanted) => (wanted.Envoy, declared.Version) switch
    {
        ({ } flag, _) => flag,
        (null, null) => ExtProcFilterOptions.NewestEnvoy,
        (null, { } version) => FollowedReleases.For(version)
            ?? throw new TryException($"envoy.version {version} cannot be followed; choose one with --envoy, which can be {FollowedReleases.Range}"),
    };

    private static void Add<T>(IList<T> to, IReadOnlyList<T>? from)
    {
        foreach (T one in from ?? [])
        {
            to.Add(one);
        }
    }
}
