using OrleansCallback.Calls;
using OrleansCallback.Sites;
using OrleansCallback.Storage;

namespace OrleansCallback.Merchants;

/// <summary>A merchant as it is stored.</summary>
public sealed class MerchantState
{
    /// <summary>As shown on the page.</summary>
    public string Name { get; set; } = "";

    /// <summary>A line for the directory.</summary>
    public string Description { get; set; } = "";

    /// <summary>The number of leg B, E.164.</summary>
    public string Number { get; set; } = "";

    /// <summary>Who pays, as wire name.</summary>
    public string Payer { get; set; } = "";

    /// <summary>The sponsor's id.</summary>
    public string? Sponsor { get; set; }

    /// <summary>A VoIP terminal rings in place of the number.</summary>
    public bool RingsTerminal { get; set; }

    /// <summary>What is said in its calls.</summary>
    public MerchantPrompts? Prompts { get; set; }

    internal static MerchantState From(Merchant merchant) => new()
    {
        Name = merchant.Name, Description = merchant.Description, Number = merchant.Number.E164, Payer = WireName.Of(merchant.Payer), Sponsor = merchant.Sponsor,
        RingsTerminal = merchant.RingsTerminal, Prompts = merchant.Prompts,
    };

    internal Merchant ToMerchant(string id) =>
        new(id, Name, Description, PhoneNumber.FromE164(Number), WireName.Parse<Payer>(Payer), Sponsor, RingsTerminal, Prompts);
}

/// <summary>A merchant. Puts itself into the site's directory before it says that it is put, so that a repeat mends what was cut short.</summary>
sealed class MerchantGrain([PersistentState("merchant", ColdState.Storage)] IPersistentState<MerchantState> state) : Grain, IMerchantGrain
{
    public Task<Merchant?> Get() =>
        Task.FromResult(state.RecordExists ? state.State.ToMerchant(GrainKeys.NameOf(this.GetPrimaryKeyString())) : null);

    public async Task Put(Merchant merchant)
    {
        var key = this.GetPrimaryKeyString();
        if (merchant.Id != GrainKeys.NameOf(key)) throw new ArgumentException($"Merchant {merchant.Id} does not belong under {key}.", nameof(merchant));
        state.State = MerchantState.From(merchant);
        await this.Write(state);
        await GrainFactory.GetGrain<ISiteGrain>(GrainKeys.Site(GrainKeys.SiteOf(key))).List(merchant);
    }
}
