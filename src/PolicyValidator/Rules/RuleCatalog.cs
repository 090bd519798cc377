namespace PolicyValidator.Rules;

/// <summary>Every rule, in the order of the ids: EP001 to EP099 are Envoy's own verdict, EP101 and up are hazards.</summary>
public static class RuleCatalog
{
    /// <summary>The rules. <c>make golden</c> keeps the list between the marks.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        // rules:begin, generated
        new EP101OverrideFullDuplexNeedsTrailers(),
        new EP104OverrideIgnoredInFullDuplex(),
        new EP105OverrideDropsRouteMode(),
        new EP106OverrideIgnoredWithoutWaiting(),
        new EP107OverrideListWithoutPermission(),
        new EP108OverrideEntryNeverMatches(),
        new EP109OverrideResetsModes(),
        new EP110GrpcBodyModeNotImplemented(),
        new EP111ObservedBodyNeverSent(),
        new EP114DeadSettingInObservability(),
        new EP115DeferredCloseWithoutObservability(),
        new EP119BufferedBodyBlocksUpgrade(),
        new EP120StreamedBodyBlocksUpgrade(),
        new EP122ZeroMessageTimeout(),
        new EP123TimeoutIgnoredInFullDuplex(),
        new EP126FailOpenInFullDuplex(),
        new EP127FailOpenMixesStreamedBody(),
        new EP129StatusOnErrorNotAnError(),
        new EP134SendBodyWithoutWaitingIgnored(),
        new EP136PerRouteSettingNotImplemented(),
        new EP138RouteServiceIgnored(),
        new EP139HttpServiceWithoutCluster(),
        new EP141GrpcClusterWithoutHttp2(),
        new EP142GrpcClusterMissing(),
        new EP143RetryPolicyIgnoredByGoogleGrpc(),
        new EP144InnerRetryPolicyIgnored(),
        new EP148RetrySendsBodyTwice(),
        new EP149TwoFiltersLoseStreamedBody(),
        new EP157PerRouteConfigForNoFilter(),
        new EP158NothingIsProcessed(),
        new EP159TrailersDroppedByCodec(),
        new EP162TypedMetadataIgnored(),
        new EP164AllMutationsDisallowed(),
        new EP173IgnoredEnvoyConfig(),
        new EP174UpstreamFilterBodyCrashes(),
        new EP175TwoStreamedFiltersLoseBody(),
        new EP176TwoFiltersDoubleLastChunk(),
        new EP202OverrideListAllowsCutBodies(),
        new EP212ObserverCanFailTraffic(),
        new EP225OverrideCanOnlyShorten(),
        new EP245GrpcTimeoutIgnored(),
        // rules:end
    ];
}
