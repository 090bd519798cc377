using Envoy.Config.Core.V3;
using ExtProc.Front.Filter;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Testing.Imitation;

/// <summary>What a play says of Envoy, as the filter's settings.</summary>
internal static class PlayedFilter
{
    public static FilterSettings SettingsOf(PlaySettings settings, Struct written) => new()
    {
        Modes = settings.Modes,
        Behavior = EnvoyBehavior.Of(settings.RealVersion),
        FailureModeAllow = settings.Envoy.FailureModeAllow,
        ObservabilityMode = settings.Envoy.ObservabilityMode,
        SendBodyWithoutWaitingForHeaderResponse = settings.Envoy.SendBodyWithoutWaitingForHeaderResponse,
        AllowModeOverride = settings.Envoy.AllowModeOverride && !settings.IgnoresModeOverrides,
        AllowedOverrideModes = settings.Envoy.AllowedOverrideModes,
        MutationRules = settings.Envoy.MutationRules,
        RouteCacheAction = settings.Envoy.RouteCacheAction,
        DisableImmediateResponse = settings.Envoy.DisableImmediateResponse,
        AllowContentLengthHeader = settings.Envoy.AllowContentLengthHeader,
        HeaderCount = settings.Limits.HeaderCount,
        HeaderBytes = settings.Limits.HeaderBytes,
        BufferBytes = settings.BufferBytes,
        BuffersEverything = true,
        SaysModes = settings.SaysModes,
        Attributes = _ => AttributesOf(settings),
        Metadata = () => MetadataOf(settings, written),
    };

    private static Struct AttributesOf(PlaySettings settings)
    {
        var attributes = new Struct();
        foreach ((string name, string value) in settings.Attributes)
        {
            attributes.Fields[name] = Value.ForString(value);
        }

        return attributes;
    }

    /// <summary>What the play says, and of what the server wrote the namespaces that Envoy forwards.</summary>
    private static Metadata MetadataOf(PlaySettings settings, Struct written)
    {
        var metadata = new Metadata();
        foreach ((string name, string json) in settings.Metadata)
        {
            metadata.FilterMetadata[name] = Struct.Parser.ParseJson(json);
        }

        foreach (string name in settings.Envoy.ForwardingNamespaces ?? [])
        {
            if (written.Fields.TryGetValue(name, out Value? value))
            {
                metadata.FilterMetadata[name] = value.StructValue;
            }
        }

        return metadata;
    }
}
