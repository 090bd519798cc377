using ExtProc.Health.Messages;
using ExtProc.Transport;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Health;

/// <summary>
/// <c>grpc.health.v1.Health/List</c>, which Grpc.AspNetCore.HealthChecks does not have
/// (https://github.com/grpc/grpc/blob/master/doc/health-checking.md).
/// </summary>
internal sealed class HealthListService(HealthStatuses statuses) : IServiceMethodProvider<HealthListService>
{
    private static readonly Method<HealthListRequest, HealthListResponse> List = new(
        MethodType.Unary, Grpc.Health.V1.Health.Descriptor.FullName, "List", MessageMarshaller.Of(HealthListRequest.Parser), MessageMarshaller.Of(HealthListResponse.Parser));

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<HealthListService> context) =>
        context.AddUnaryMethod(List, [new HttpMethodMetadata([HttpMethods.Post])], (_, _, call) => AnswerAsync(call));

    private async Task<HealthListResponse> AnswerAsync(ServerCallContext call)
    {
        HealthListResponse answer = new();
        foreach ((string service, var status) in await statuses.EvaluateAsync(call.CancellationToken).ConfigureAwait(false))
        {
            answer.Statuses[service] = new() { Status = (HealthCheckResponse.Types.ServingStatus)status };
        }

        return answer;
    }
}
