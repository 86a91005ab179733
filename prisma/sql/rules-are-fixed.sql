-- A2: the rules and the mode of a connection are those it was made with. Refused here too, so that neither another
-- program nor a forgotten code path can change them. Deleting the whole connection stays possible.
CREATE FUNCTION connection_rules_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."rules" IS DISTINCT FROM OLD."rules" OR NEW."mode" IS DISTINCT FROM OLD."mode" THEN
    RAISE EXCEPTION 'rules_are_fixed'
      USING ERRCODE = 'check_violation',
            DETAIL = 'The sync rules and the mode of a connection in Basic mode cannot be changed.',
            HINT = 'Make a new connection in Visual or Script mode instead.';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER connection_rules_are_fixed
  BEFORE UPDATE ON "connection"
  FOR EACH ROW EXECUTE FUNCTION connection_rules_are_fixed();
