using ExtProc.Configuration.Binding;
using ExtProc.Pipeline;

namespace ExtProc.Configuration.Checks;

/// <summary>
/// What in the <c>envoy:</c> section cannot be: combinations that Envoy refuses to load, or under which it would send nothing of what
/// was asked for. Warnings are for what Envoy takes and then ignores. Facts as measured on Envoy 1.36 to 1.40.
/// </summary>
internal static class EnvoyDeclarationCheck
{
    private static readonly Version FullDuplexSince = new(1, 33), GrpcSince = new(1, 37), FullDuplexFailsClosedOnly = new(1, 35, 0), LengthKeptSince = new(1, 38);

    private static readonly ProcessingMode AsDefault = new();

    /// <summary>Paths are relative to the section.</summary>
    public static IEnumerable<(string Path, string Message, bool IsWarning)> Check(EnvoyDeclaration envoy)
    {
        var mode = envoy.ProcessingMode ?? AsDefault;
        return [.. OfMode(envoy, mode), .. OfObservability(envoy, mode), .. OfOverrides(envoy, mode), .. OfTheRest(envoy, mode)];
    }

    private static IEnumerable<(string, string, bool)> OfMode(EnvoyDeclaration envoy, ProcessingMode mode)
    {
        foreach (var direction in Enum.GetValues<Direction>())
        {
            string side = direction is Direction.Request ? "request" : "response", body = $"processingMode.{side}BodyMode";
            switch (mode.BodyMode(direction))
            {
                case BodySendMode.FullDuplexStreamed when !mode.SendsTrailers(direction):
                    yield return (body, $"FULL_DUPLEX_STREAMED needs {side}TrailerMode: SEND; Envoy refuses it without", false);
                    break;
                case BodySendMode.FullDuplexStreamed when IsBefore(envoy, FullDuplexSince):
                    yield return (body, $"Envoy {envoy.Version} does not know FULL_DUPLEX_STREAMED, which is new in 1.33", false);
                    break;
                case BodySendMode.FullDuplexStreamed when envoy.FailureModeAllow && envoy.Version == FullDuplexFailsClosedOnly:
                    yield return (body, "Envoy 1.35.0 refuses FULL_DUPLEX_STREAMED together with failureModeAllow; 1.35.1 takes it", false);
                    break;
                case BodySendMode.Grpc when IsBefore(envoy, GrpcSince):
                    yield return (body, $"Envoy {envoy.Version} does not know GRPC, which is new in 1.37", false);
                    break;
                case BodySendMode.Grpc:
                    yield return (body, "Envoy up to 1.40 knows the name GRPC and sends no body, as with NONE; FULL_DUPLEX_STREAMED passes gRPC messages", true);
                    break;
            }
        }

        if (SendsNothing(mode))
        {
            yield return ("processingMode", "all six modes send nothing, so Envoy would never call this server", true);
        }
    }

    private static IEnumerable<(string, string, bool)> OfObservability(EnvoyDeclaration envoy, ProcessingMode mode)
    {
        if (!envoy.ObservabilityMode)
        {
            yield break;
        }

        foreach (var direction in Enum.GetValues<Direction>())
        {
            if (mode.BodyMode(direction) is not (BodySendMode.None or BodySendMode.Streamed) and var other)
            {
                string side = direction is Direction.Request ? "request" : "response";
                yield return ($"processingMode.{side}BodyMode", $"with observabilityMode Envoy sends no body in {EnumNames.Of(other)}; use STREAMED or NONE", false);
            }
        }

        if (envoy.AllowModeOverride)
        {
            yield return ("allowModeOverride", "has no effect with observabilityMode, in which Envoy takes no answers", true);
        }
    }

    private static IEnumerable<(string, string, bool)> OfOverrides(EnvoyDeclaration envoy, ProcessingMode mode)
    {
        if (envoy.AllowedOverrideModes.Count > 0 && !envoy.AllowModeOverride)
        {
            yield return ("allowedOverrideModes", "has no effect without allowModeOverride: true", true);
        }

        if (envoy.TrustModeOverride && !envoy.AllowModeOverride)
        {
            yield return ("trustModeOverride", "has no effect without allowModeOverride: true", true);
        }
        else if (envoy.TrustModeOverride)
        {
            yield return ("trustModeOverride", "bodies that need an override pass unprocessed, and nobody is told, if the filter does not set allow_mode_override: true; Envoy 1.40 and later need no trust, and modes in the filter's processing_mode no override", true);
        }
        else if (ModeOverride.CanAsk(envoy) && !ModeOverride.IsTrusted(envoy))
        {
            yield return ("allowModeOverride", "helps only processors with onError: skip, because Envoy before 1.40 never says whether it took an override; declare version if it is 1.40 or later, or vouch for the filter with trustModeOverride: true", true);
        }

        if (envoy.AllowModeOverride && (mode.RequestBodyMode is BodySendMode.FullDuplexStreamed || mode.ResponseBodyMode is BodySendMode.FullDuplexStreamed))
        {
            yield return ("allowModeOverride", "has no effect while a body mode is FULL_DUPLEX_STREAMED; Envoy then ignores every override", true);
        }

        if (envoy.AllowModeOverride && envoy.SendBodyWithoutWaitingForHeaderResponse)
        {
            yield return ("allowModeOverride", "has no effect with sendBodyWithoutWaitingForHeaderResponse; Envoy then ignores every override", true);
        }

        for (int at = 0; at < envoy.AllowedOverrideModes.Count; at++)
        {
            foreach (var direction in Enum.GetValues<Direction>())
            {
                var allowed = envoy.AllowedOverrideModes[at];
                if (allowed.BodyMode(direction) is BodySendMode.FullDuplexStreamed && !allowed.SendsTrailers(direction))
                {
                    string side = direction is Direction.Request ? "request" : "response";
                    yield return ($"allowedOverrideModes[{at}]", $"an override to FULL_DUPLEX_STREAMED without {side}TrailerMode: SEND is taken by Envoy, and the exchange then hangs when trailers come", true);
                }
            }
        }
    }

    private static IEnumerable<(string, string, bool)> OfTheRest(EnvoyDeclaration envoy, ProcessingMode mode)
    {
        if (envoy.Version is { Major: not 1 })
        {
            yield return ("version", $"there is no Envoy {envoy.Version}; write it as in 1.40 or 1.40.0", false);
        }

        if (envoy.SendBodyWithoutWaitingForHeaderResponse && mode is not { RequestBodyMode: BodySendMode.Streamed } and not { ResponseBodyMode: BodySendMode.Streamed })
        {
            yield return ("sendBodyWithoutWaitingForHeaderResponse", "has no effect unless a body mode is STREAMED", true);
        }

        if (envoy.MessageTimeout == TimeSpan.Zero)
        {
            yield return ("messageTimeout", "0 makes Envoy give up on every message before it is answered", true);
        }

        if (envoy.MaxMessageTimeout is { } longest && longest > TimeSpan.Zero && longest < (envoy.MessageTimeout ?? EnvoyDeclaration.DefaultMessageTimeout))
        {
            yield return ("maxMessageTimeout", "is shorter than messageTimeout (Envoy's default is 200ms), so asking for more time only shortens it", true);
        }

        if (envoy.AllowContentLengthHeader && IsBefore(envoy, LengthKeptSince))
        {
            yield return ("allowContentLengthHeader", $"Envoy {envoy.Version} does not know allow_content_length_header, which is new in 1.38", false);
        }
        else if (envoy.AllowContentLengthHeader && envoy.ProcessingMode is not null && !Enum.GetValues<Direction>().Any(direction => DropsLength(mode, direction)))
        {
            yield return ("allowContentLengthHeader", "has no effect: Envoy drops content-length only where a body is sent in STREAMED, BUFFERED_PARTIAL or FULL_DUPLEX_STREAMED, or in BUFFERED without its headers", true);
        }

        if (envoy.MutationRules is { DisallowAll: true } and ({ AllowAllRouting: true } or { AllowEnvoy: true }))
        {
            yield return ("mutationRules.disallowAll", "wins over allowAllRouting and allowEnvoy, which then have no effect", true);
        }
    }

    // Not declared is not older: the operator would say so.
    private static bool IsBefore(EnvoyDeclaration envoy, Version version) => envoy.Version is { } declared && declared < version;

    private static bool DropsLength(ProcessingMode mode, Direction direction) => mode.BodyMode(direction) switch
    {
        BodySendMode.None or BodySendMode.Grpc => false,
        BodySendMode.Buffered => !mode.SendsHeaders(direction),
        _ => true,
    };

    private static bool SendsNothing(ProcessingMode mode) => Enum.GetValues<Direction>().All(direction =>
        !mode.SendsHeaders(direction) && !mode.SendsTrailers(direction) && mode.BodyMode(direction) is BodySendMode.None);
}
