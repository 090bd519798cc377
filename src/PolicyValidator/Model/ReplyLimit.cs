namespace PolicyValidator.Model;

/// <summary>The largest message that Envoy takes from a processor.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Place">Where that is said; for a default, of whom it is one.</param>
/// <param name="Setting">The setting that says it.</param>
internal sealed record ReplyLimit(decimal Bytes, Place Place, string Setting)
{
    /// <summary>Google's client takes no more unless it is told otherwise. Envoy's own has no limit.</summary>
    private const decimal GoogleDefault = 4 * 1024 * 1024;

    private const string GoogleSetting = "grpc.max_receive_message_length";

    /// <summary>Of a service; null where there is none.</summary>
    public static ReplyLimit? Of(GrpcServiceUse service)
    {
        Located<decimal> own = service.Config.String(service.Path + "envoy_grpc.cluster_name").IsSet
            ? service.Config.Integer(service.Path + "envoy_grpc.max_receive_message_length")
            : new(0, false, service.Cluster.Place);
        if (own.IsSet)
        {
            return new(own.Value, own.Place, "max_receive_message_length");
        }

        if (!service.Config.Has(service.Path + "google_grpc"))
        {
            return null;
        }

        ConfigMessage? argument = service.Config.Message(service.Path + "google_grpc.channel_args")?.Map("args")
            .FirstOrDefault(entry => entry.Key.Value == GoogleSetting).Value?.Value as ConfigMessage;
        return argument?.Integer("int_value") is { IsSet: true } written
            ? written.Value < 0 ? null : new(written.Value, written.Place, GoogleSetting)
            : new(GoogleDefault, service.Config.PlaceOf(service.Path + "google_grpc"), $"{GoogleSetting} (4 MiB by default)");
    }
}
