namespace ExtProc.Abilities.Catalogue;

/// <summary>What an author asks of Envoy beside headers and bodies.</summary>
internal static class EnvoyAbilities
{
    private static readonly Story Get = new() { Method = "GET", Response = Story.Text("answer") };

    public static IEnumerable<Ability> All =>
    [
        new("attributes_are_read_and_absent_is_told_from_not_sent")
        {
            Modes = [BodySendMode.None],
            Envoy = new() { RequestAttributes = ["request.method", "source.mtls_none"] },
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    foreach (string name in (string[])["request.method", "source.mtls_none", "request.host"])
                    {
                        exchange.RequestHeaders.Append("x-attribute", $"{name} {exchange.Attribute(name).Presence} {exchange.Attribute(name).Text}");
                    }

                    return Verdict.Continue;
                },
            },
            Story = Get,
        },
        new("metadata_is_written_and_read_back")
        {
            Modes = [BodySendMode.None, BodySendMode.FullDuplexStreamed],
            Envoy = new() { ForwardingNamespaces = ["app"], ReceivingNamespaces = ["app", "silent"] },
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set("x-before", $"{exchange.Metadata("app", "tenant").Presence} {exchange.Metadata("silent", "n").Presence}");
                    exchange.SetMetadata("app", "tenant", "acme");
                    exchange.SetMetadata("app", "paid", true);
                    exchange.SetMetadata("silent", "n", 3);
                    return Verdict.Continue;
                },
                ResponseHeaders = (exchange, _) =>
                {
                    exchange.ResponseHeaders.Set("x-after", $"{exchange.Metadata("app", "tenant").Text} {exchange.Metadata("app", "paid").Presence} {exchange.Metadata("app", "plan").Presence} {exchange.Metadata("silent", "n").Presence}");
                    return Verdict.Continue;
                },
            },
            Story = Get,
        },
        new("metadata_that_Envoy_does_not_take_is_refused")
        {
            Modes = [BodySendMode.None],
            Envoy = new() { ReceivingNamespaces = ["app"] },
            OnError = Pipeline.OnError.Skip,
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.SetMetadata("other", "tenant", "acme");
                    return Verdict.Continue;
                },
            },
            Story = Get,
        },
        new("the_route_is_chosen_again")
        {
            Modes = [BodySendMode.None, BodySendMode.FullDuplexStreamed],
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RouteBy(":path", "/rerouted");
                    return Verdict.Continue;
                },
            },
            Story = Get,
        },
        new("more_time_is_asked_for")
        {
            Modes = [BodySendMode.Streamed],
            Envoy = new() { MessageTimeout = TimeSpan.FromMilliseconds(300), MaxMessageTimeout = TimeSpan.FromSeconds(20) },
            Does = new()
            {
                RequestHeaders = async (exchange, cancellation) =>
                {
                    bool asked = exchange.TryExtendTime(TimeSpan.FromSeconds(20));
                    await Task.Delay(TimeSpan.FromMilliseconds(600), TimeProvider.System, cancellation).ConfigureAwait(false);
                    exchange.RequestHeaders.Set("x-asked", $"{asked} {exchange.TimeLeft > TimeSpan.FromMilliseconds(300)} {exchange.TryExtendTime(TimeSpan.FromSeconds(1))}");
                    return Verdict.Continue;
                },
            },
            Story = Get,
        },
        new("an_observer_changes_nothing_and_its_mistake_is_noted")
        {
            Modes = [BodySendMode.Streamed],
            Envoy = new() { ObservabilityMode = true },
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set("x-mistake", "1");
                    return Verdict.Continue;
                },
                ResponseHeaders = (_, _) => Verdict.Respond(403),
                ResponseBody = (exchange, body, _) =>
                {
                    body.Replace("another"u8);
                    return Verdict.Continue;
                },
            },
            Story = Get,
        },
        new("a_mode_is_asked_for")
        {
            Modes = [BodySendMode.None],
            Envoy = new() { AllowModeOverride = true, TrustModeOverride = true },
            Does = Reader,
            Story = new() { Request = Story.Text("aaa"), RequestIsCounted = true, Response = Story.Text("answer") },
        },
        new("a_mode_is_asked_for_and_its_answer_is_proof")
        {
            Modes = [BodySendMode.None, BodySendMode.Streamed],
            Since = "1.40.0",
            Envoy = new() { AllowModeOverride = true, Version = new(1, 40) },
            Does = Reader,
            Story = new() { Request = Story.Text("aaa"), Response = Story.Text("answer") },
        },
        new("a_mode_that_Envoy_does_not_give_is_noticed")
        {
            Modes = [BodySendMode.None],
            Envoy = new() { AllowModeOverride = true, TrustModeOverride = true },
            OverridesAreIgnored = true,
            OnError = Pipeline.OnError.Respond,
            Does = Reader,
            Story = new() { Request = Story.Text("aaa"), RequestIsCounted = true, Response = Story.Text("answer") },
        },
    ];

    private static Script Reader => new()
    {
        Needs = needs => needs.RequestBody = BodyNeed.Whole(1000),
        RequestBody = (exchange, body, _) =>
        {
            exchange.RequestHeaders.Set("x-length", $"{body.Length}");
            return Verdict.Continue;
        },
        ResponseHeaders = (_, _) => Verdict.Continue,
    };
}
